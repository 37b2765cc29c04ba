// SPDX-License-Identifier: MIT
//
// The one translation unit that compiles Beast. All others see declarations only, because the build
// defines BOOST_BEAST_SEPARATE_COMPILATION, so its bodies are compiled once and not in each of
// them.
#include <boost/beast/src.hpp>
