// SPDX-License-Identifier: MIT
#include "redis/push_message.hpp"

#include <cstddef>

namespace notify::redis {

namespace {

// Nine digits: no sum of two such sizes overflows.
constexpr std::size_t max_digits = 9;

constexpr std::string_view message_begin = "*3\r\n$7\r\nmessage\r\n$";

// Where in bytes a text of this size begins; 0 if they begin with no "<size>\r\n".
// Plain indices: this is on the road of each notification.
[[gnu::always_inline]] inline std::size_t begin_of_text(std::string_view bytes, std::size_t& size)
{
    size = 0;
    std::size_t at = 0;
    for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9'; ++at) {
        if (at == max_digits) return 0;
        size = size * 10 + static_cast<std::size_t>(bytes[at] - '0');
    }
    bool const is_number = at == 1 || (at > 1 && bytes[0] != '0');
    bool const ends = bytes.size() >= at + 2 && bytes[at] == '\r' && bytes[at + 1] == '\n';
    return is_number && ends ? at + 2 : 0;
}

// Takes "<size>\r\n<text>\r\n" off bytes.
std::optional<std::string_view> take_text(std::string_view& bytes)
{
    std::size_t size = 0;
    std::size_t const begin = begin_of_text(bytes, size);
    if (begin == 0 || bytes.size() < begin + size + 2) return {};
    char const* const text = bytes.data() + begin;
    if (text[size] != '\r' || text[size + 1] != '\n') return {};
    bytes.remove_prefix(begin + size + 2);
    return std::string_view{text, size};
}

// Takes all before the payload off bytes, and its "$".
std::optional<std::string_view> take_channel(std::string_view& bytes)
{
    if (!bytes.starts_with(message_begin)) return {};
    std::string_view rest = bytes;
    rest.remove_prefix(message_begin.size());
    auto const channel = take_text(rest);
    if (!channel || !rest.starts_with('$')) return {};
    rest.remove_prefix(1);
    bytes = rest;
    return channel;
}

}  // namespace

std::optional<push_message> take_push_message(std::string_view& bytes)
{
    std::string_view rest = bytes;
    auto const channel = take_channel(rest);
    if (!channel) return {};
    auto const payload = take_text(rest);
    if (!payload) return {};
    bytes = rest;
    return push_message{*channel, *payload, payload->size()};
}

std::optional<push_message> take_large_head(std::string_view& bytes, std::size_t limit)
{
    std::string_view rest = bytes;
    auto const channel = take_channel(rest);
    if (!channel) return {};
    std::size_t size = 0;
    std::size_t const begin = begin_of_text(rest, size);
    if (begin == 0 || size <= limit || rest.size() >= begin + size + 2) return {};
    bytes = rest.substr(begin);
    return push_message{*channel, {}, size};
}

}  // namespace notify::redis
