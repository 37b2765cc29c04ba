// SPDX-License-Identifier: MIT
//
// The byte order mark (U+FEFF) that Windows' editors put before the text of a file. It is no part
// of the text, and invisible. Left in, it becomes part of the first user id of a list, or of a
// configuration file's first key, and nobody sees why that one is wrong.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace notify {

// Returns text without the mark of UTF-8 at its head, if it has one; a view into text. The error
// says that the mark is that of UTF-16 or UTF-32, which none of the tools reads.
[[nodiscard]] result<std::string_view> without_byte_order_mark(std::string_view text);

}  // namespace notify
