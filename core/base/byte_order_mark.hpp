// SPDX-License-Identifier: MIT
//
// The mark that Windows' editors put before the text of a file. It is no part of
// the text: with it, the first user id of a file would be another one.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace notify {

// Returns text without the mark of UTF-8 at its head, if it has one. An error if
// the mark is that of UTF-16 or UTF-32, which nothing here reads.
[[nodiscard]] result<std::string_view> without_byte_order_mark(std::string_view text);

}  // namespace notify
