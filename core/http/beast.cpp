// SPDX-License-Identifier: MIT
//
// The one translation unit that compiles Beast; every other one sees
// declarations only (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>
