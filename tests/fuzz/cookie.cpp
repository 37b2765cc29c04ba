// SPDX-License-Identifier: MIT
#include "identity/cookie.hpp"

#include "fuzz/targets.hpp"
#include "gateway/session_follower.hpp"

namespace notify::fuzz {

// A name up to the first line feed, then a Cookie header.
void cookie(std::string_view bytes)
{
    std::string_view const name = bytes.substr(0, bytes.find('\n'));
    std::string_view const header = bytes.substr(std::min(name.size() + 1, bytes.size()));
    auto const value = cookie_value(header, name);
    if (!value) return;
    must(value->empty() || (value->data() >= header.data() &&
                            value->data() + value->size() <= header.data() + header.size()),
         "a value is part of the header");
    must(value->find(';') == value->npos, "and ends with its cookie");

    auto const channel = session_channel("notifications.{session}", *value);
    if (!channel) return;
    must(channel->starts_with("notifications.") && channel->size() == 14 + value->size(),
         "a session's channel is its own");
    must(channel->find_first_of("/ \r\n") == channel->npos, "and no user's");
}

}  // namespace notify::fuzz
