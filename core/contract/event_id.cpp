// SPDX-License-Identifier: MIT
#include "contract/event_id.hpp"

#include <algorithm>

namespace notify {

namespace {

bool is_token_like(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string to_text(event_id const& id)
{
    std::string text;
    if (id.where) text = to_text(*id.where);
    if (!id.token.empty()) text.append(".").append(id.token);
    return text;
}

std::optional<event_id> parse_event_id(std::string_view text)
{
    std::size_t const dot = text.find('.');
    event_id id;
    if (dot != 0) {
        id.where = parse_position(text.substr(0, dot));
        if (!id.where) return std::nullopt;
    }
    if (dot == text.npos) return id;
    text.remove_prefix(dot + 1);
    if (!is_token_like(text)) return std::nullopt;
    id.token = text;
    return id;
}

}  // namespace notify
