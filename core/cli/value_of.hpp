// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <fmt/format.h>

#include <string_view>
#include <type_traits>
#include <utility>

namespace notify::cli {

// Returns what an option's text was read as. Throws failure{usage} with the option's name, such
// as "--user", if it could not be read.
template <class T>
T value_of(result<T> r, std::string_view option)
{
    if (!r) throw failure{exit_code::usage, fmt::format("{}: {}", option, r.error().message)};
    if constexpr (!std::is_void_v<T>) return std::move(*r);
}

}  // namespace notify::cli
