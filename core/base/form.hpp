// SPDX-License-Identifier: MIT
//
// Fields as browsers put them into queries and form bodies
// (application/x-www-form-urlencoded of the WHATWG URL standard).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

// Returns names and values, decoded, in their order. What is not well escaped is
// taken as it stands, as browsers do.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

}  // namespace notify
