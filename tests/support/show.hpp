// SPDX-License-Identifier: MIT
//
// Lets Catch2 print what a failed check held. Include it before <catch2/catch.hpp>.
#pragma once

#include "base/result.hpp"

#include <ostream>

namespace notify {

inline std::ostream& operator<<(std::ostream& out, error const& e)
{
    return out << e.message;
}

}  // namespace notify
