// SPDX-License-Identifier: MIT
//
// JSONP polling, for browsers that cannot read another site's answers: they run
// them as scripts, and send forms (docs/protocol.md, Engine.IO 4).
#pragma once

#include <string>
#include <string_view>

namespace notify::eio {

// Returns the script that hands a payload to the page: `___eio[0]("…");`.
// REQUIRES: number holds digits only.
[[nodiscard]] std::string jsonp_answer(std::string_view number, std::string_view payload);

// Returns the payload in the field `d` of a form, "" if it has none. Browsers turn
// the line feeds of a form's fields into CR LF, so clients escape theirs.
[[nodiscard]] std::string payload_of_jsonp(std::string_view form);

}  // namespace notify::eio
