// SPDX-License-Identifier: MIT
//
// JSONP polling (docs/protocol.md, Engine.IO 4), for old browsers that cannot read another site's
// answers: they load a GET's answer as a script, and send a POST's packets as a form.
//
// Any site's page can load such a script, so wire/engine_endpoint refuses JSONP to a session that
// keeps a user's headers. These two functions only put payloads into the two wrappings and out.
#pragma once

#include <string>
#include <string_view>

namespace notify::eio {

// Returns the script that hands a payload to the page: `___eio[0]("…");`. Invalid UTF-8 becomes
// U+FFFD. REQUIRES: number holds digits only (parse_engine_query has checked it): it is not
// escaped.
[[nodiscard]] std::string jsonp_answer(std::string_view number, std::string_view payload);

// Returns the payload in the field `d` of a form, the first of several; "" if it has none, which
// payload_reader then refuses. Browsers turn the line feeds of a form's fields into CR LF, so
// clients escape theirs, and the escapes are undone here.
[[nodiscard]] std::string payload_of_jsonp(std::string_view form);

}  // namespace notify::eio
