// SPDX-License-Identifier: MIT
#include "base/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

// True for bytes that a JSON string holds as they are; anything else takes the
// slow road through nlohmann, which escapes and checks UTF-8.
bool is_plain(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

// nlohmann begins with "[json.exception.parse_error.101] ", which is nothing for
// people, and may quote the input, where a secret can stand. Line and column are enough.
std::string_view readable(std::string_view what)
{
    if (auto const end = what.find("] "); end != what.npos) what.remove_prefix(end + 2);
    return what.substr(0, what.find("; last read: "));
}

}  // namespace

std::size_t json_depth(std::string_view text)
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
        case '"': quoted = !quoted; break;
        case '\\':
            if (quoted) ++i;  // whatever is escaped, it does not end the string
            break;
        case '[':
        case '{':
            if (!quoted) deepest = std::max(deepest, ++depth);
            break;
        case ']':
        case '}':
            if (!quoted && depth > 0) --depth;
            break;
        default: break;
        }
    }
    return deepest;
}

result<json> parse_json(std::string_view text)
{
    if (json_depth(text) > max_json_depth)
        return error{fmt::format("JSON nested deeper than {} levels", max_json_depth)};
    // nlohmann takes a NUL for the end of the text and does not look behind it.
    if (text.find('\0') != text.npos) return error{"not valid JSON: a NUL byte"};
    try {
        return {boost::system::in_place_value, json::parse(text)};
    } catch (json::exception const& e) {
        return error{fmt::format("not valid JSON: {}", readable(e.what()))};
    }
}

void take_apart(json& value) noexcept
{
    if (auto* const items = value.get_ptr<json::array_t*>()) {
        for (json& child : *items) take_apart(child);
        items->clear();
    } else if (auto* const members = value.get_ptr<json::object_t*>()) {
        for (auto& [name, child] : *members) take_apart(child);
        members->clear();
    }
}

std::string to_text(json const& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void append_json_string(std::string& out, std::string_view text)
{
    if (std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c); })) {
        out += '"';
        out += text;
        out += '"';
    } else {
        out += to_text(json(text));
    }
}

}  // namespace notify
