// SPDX-License-Identifier: MIT
#include "redis/push_message.hpp"

#include <cstddef>

namespace notify::redis {

namespace {

// Nine digits: no sum of two such sizes overflows.
constexpr std::size_t max_digits = 9;

// Takes "<size>\r\n<text>\r\n" off bytes.
std::optional<std::string_view> take_text(std::string_view& bytes)
{
    std::size_t size = 0;
    std::size_t at = 0;
    for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9'; ++at) {
        if (at == max_digits) return {};
        size = size * 10 + static_cast<std::size_t>(bytes[at] - '0');
    }
    bool const is_number = at == 1 || (at > 1 && bytes[0] != '0');
    if (!is_number || bytes.size() < at + size + 4) return {};
    char const* const text = bytes.data() + at + 2;
    if (text[-2] != '\r' || text[-1] != '\n' || text[size] != '\r' || text[size + 1] != '\n')
        return {};
    bytes.remove_prefix(at + size + 4);
    return std::string_view{text, size};
}

}  // namespace

std::optional<push_message> take_push_message(std::string_view& bytes)
{
    constexpr std::string_view begin = "*3\r\n$7\r\nmessage\r\n$";
    if (!bytes.starts_with(begin)) return {};
    std::string_view rest = bytes.substr(begin.size());
    auto const channel = take_text(rest);
    if (!channel || !rest.starts_with('$')) return {};
    rest.remove_prefix(1);
    auto const payload = take_text(rest);
    if (!payload) return {};
    bytes = rest;
    return push_message{*channel, *payload};
}

}  // namespace notify::redis
