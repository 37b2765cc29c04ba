// SPDX-License-Identifier: MIT
//
// The step from the parsers of other rooms, which return a result, to an option, which ends the
// tool: the parser knows what is wrong with the text, and only the option knows its name.
#pragma once

#include "base/result.hpp"
#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <fmt/format.h>

#include <string_view>
#include <type_traits>
#include <utility>

namespace notify::cli {

// Returns what an option's text was read as. If it could not be read, throws failure{usage}, whose
// sentence is the error behind the option's name: "--user: …". T may be void, for a text that is
// only checked. option: with dashes.
template <class T>
T value_of(result<T> r, std::string_view option)
{
    if (!r) throw failure{exit_code::usage, fmt::format("{}: {}", option, r.error().message)};
    if constexpr (!std::is_void_v<T>) return std::move(*r);
}

}  // namespace notify::cli
