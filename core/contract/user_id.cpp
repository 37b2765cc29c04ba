// SPDX-License-Identifier: MIT
#include "contract/user_id.hpp"

#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace notify {

namespace {

// True for what is allowed in ASCII. Nearly every id is made of these only.
bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '/'; }

// White space beyond ASCII: Unicode's White_Space, without what has_controls() finds, and the byte
// order mark, which is invisible. Searched one by one: it happens only to ids beyond ASCII.
bool has_wide_space(std::string_view text)
{
    static constexpr std::string_view spaces[] = {
        "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
        "\u2007", "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000", "\ufeff"};
    return std::any_of(std::begin(spaces), std::end(spaces),
                       [text](std::string_view s) { return text.find(s) != text.npos; });
}

// Returns what keeps text from being a user id, as the end of a sentence; "" if it may be one.
// Ids that are plain ASCII are through after one pass over them.
std::string fault_of(std::string_view text)
{
    if (text.size() > user_id::max_size)
        return fmt::format("it has {} bytes, and may have {}", text.size(), user_id::max_size);
    if (std::all_of(text.begin(), text.end(), is_plain)) return {};
    if (text.find('/') != text.npos) return "it may not hold a slash";
    if (!is_utf8(text)) return "it is not UTF-8";
    if (has_controls(text)) return "it may not hold control characters";
    if (text.find(' ') != text.npos || has_wide_space(text)) return "it may not hold white space";
    return {};
}

// True for the words that JavaScript, Python and JSON print in place of a user that is not there.
bool names_nobody(std::string_view text)
{
    static constexpr std::array<std::string_view, 5> names{"", "null", "undefined", "None",
                                                           "false"};
    return std::find(names.begin(), names.end(), text) != names.end();
}

}  // namespace

bool is_nobody(json const& value)
{
    if (value.is_string()) return names_nobody(value.get_ref<std::string const&>());
    return value.is_null() || value == false;
}

result<user_id> parse_user_id(std::string_view text)
{
    if (text.empty()) return error{"the user id is empty"};
    if (names_nobody(text))
        return error{fmt::format("{} is nobody, not a user id", in_quotes(text))};
    if (auto const fault = fault_of(text); !fault.empty())
        return error{fmt::format("the user id {} is refused: {}", in_quotes(text), fault)};
    return user_id{text};
}

result<user_id> user_id_of(json const& value)
{
    if (value.is_string()) return parse_user_id(value.get_ref<std::string const&>());
    // An integer from 0 on; -1, 1.0 and 1e3 are of other types in nlohmann's eyes, and refused.
    if (value.is_number_unsigned()) return parse_user_id(to_text(value));
    return error{fmt::format("the user id {} is neither text nor a whole number",
                             in_quotes(to_text(value)))};
}

}  // namespace notify
