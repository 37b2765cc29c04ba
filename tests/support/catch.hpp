// SPDX-License-Identifier: MIT
//
// Catch2, version 3 or 2, whichever is installed. The tests use only what both have. What 3
// renamed has its name of version 2 here.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

namespace Catch {

using Matchers::EndsWith;
using Matchers::StartsWith;

// In version 3, "Contains" is about the elements of a range.
inline auto Contains(std::string const& part) { return Matchers::ContainsSubstring(part); }

}  // namespace Catch

#else

#include <catch2/catch.hpp>

#endif
