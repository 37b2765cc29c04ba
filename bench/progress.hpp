// SPDX-License-Identifier: MIT
//
// What the bench is doing, for a person at a terminal.
#pragma once

#include <string>
#include <string_view>

namespace notify::bench {

// Puts text in the place of what was said before, on stderr if it is a terminal.
void say(std::string_view text);

// What is said from now on begins with this.
void say_who(std::string who);

}  // namespace notify::bench
