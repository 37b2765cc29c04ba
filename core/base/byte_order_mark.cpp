// SPDX-License-Identifier: MIT
#include "base/byte_order_mark.hpp"

namespace notify {

result<std::string_view> without_byte_order_mark(std::string_view text)
{
    using namespace std::string_view_literals;
    // UTF-32 is asked for before UTF-16: its little-endian mark begins with that of UTF-16.
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    else if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv))
        return error{"it is UTF-32, not UTF-8; save it as UTF-8"};
    else if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return error{"it is UTF-16, not UTF-8; save it as UTF-8"};
    return text;
}

}  // namespace notify
