// SPDX-License-Identifier: MIT
//
// Catch2 2's main. Version 3 has its own in a library, and this file is not compiled.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
