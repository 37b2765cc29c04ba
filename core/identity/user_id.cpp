// SPDX-License-Identifier: MIT
#include "identity/user_id.hpp"

#include "base/quoted.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace notify {

namespace {

bool is_allowed(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '@' || c == ':' || c == '+' || c == '-';
}

// A web app that lost its user prints one of these, for every such user the same:
// taken as an id, they would all share one channel.
bool is_nobody(std::string_view text)
{
    static constexpr std::array<std::string_view, 4> names{"null", "undefined", "None", "false"};
    return std::find(names.begin(), names.end(), text) != names.end();
}

}  // namespace

result<user_id> parse_user_id(std::string_view text)
{
    if (text.empty()) return error{"the user id is empty"};
    if (is_nobody(text)) return error{fmt::format("{} is nobody, not a user id", in_quotes(text))};
    if (text.size() > user_id::max_size || !std::all_of(text.begin(), text.end(), is_allowed))
        return error{fmt::format("{} is not a user id: 1 to {} of A-Z a-z 0-9 . _ @ : + -",
                                 in_quotes(text), user_id::max_size)};
    return user_id{text};
}

result<user_id> user_id_of(json const& value)
{
    if (value.is_string()) return parse_user_id(value.get_ref<std::string const&>());
    if (value.is_number_unsigned()) return parse_user_id(to_text(value));
    return error{fmt::format("the user id {} is neither text nor a whole number",
                             in_quotes(to_text(value)))};
}

std::string channel_of(user_id const& user)
{
    return fmt::format("/app/user/{}/notifications", user.text());
}

}  // namespace notify
