// SPDX-License-Identifier: MIT
#include "base/json.hpp"

#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace notify {

namespace {

// Sixteen bytes at a time: one register on all machines of today.
using lanes = std::uint8_t [[gnu::vector_size(16)]];

bool is_any_set(lanes const& bytes)
{
    auto const halves = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
    return (halves[0] | halves[1]) != 0;
}

// True if text can stand in a JSON string as it is (RFC 8259 section 7).
bool needs_no_escape(std::string_view text)
{
    lanes to_escape{};
    lanes all_bits{};
    auto const take = [&](char const* from) {
        lanes bytes;
        std::memcpy(&bytes, from, sizeof bytes);
        to_escape |= static_cast<lanes>((bytes < 0x20) | (bytes == '"') | (bytes == '\\'));
        all_bits |= bytes;
    };
    char const* at = text.data();
    char const* const end = at + text.size();
    for (; end - at >= std::ptrdiff_t{sizeof(lanes)}; at += sizeof(lanes)) take(at);
    if (text.size() >= sizeof(lanes)) {
        take(end - sizeof(lanes));  // some of them again
    } else {
        std::array<char, sizeof(lanes)> padded;
        padded.fill(' ');
        std::copy(at, end, padded.begin());
        take(padded.data());
    }
    if (is_any_set(to_escape)) return false;
    bool const is_ascii = !is_any_set(all_bits & 0x80);
    return is_ascii || is_utf8(text);
}

// The UTF-16 code unit that is escaped (`\u1234`) at the head of text.
std::optional<unsigned> escaped_unit(std::string_view text)
{
    constexpr std::size_t size = 6;
    if (text.size() < size || !text.starts_with("\\u")) return std::nullopt;
    unsigned unit = 0;
    auto const [end, ec] = std::from_chars(text.data() + 2, text.data() + size, unit, 16);
    if (ec != std::errc{} || end != text.data() + size) return std::nullopt;
    return unit;
}

bool is_first_half(unsigned unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_second_half(unsigned unit) { return unit >= 0xdc00 && unit < 0xe000; }

bool may_escape_surrogates(std::string_view text)
{
    return text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
}

// Returns text with U+FFFD, escaped too, for each escaped half of a surrogate pair
// that stands alone. Browsers write such halves, RFC 8259 section 8.2 lets them, and
// nlohmann takes no text that has one.
std::string with_whole_pairs(std::string_view text)
{
    std::string out{text};
    std::size_t at = out.find('\\');
    while (at != out.npos) {
        std::string_view const rest = std::string_view{out}.substr(at);
        unsigned const unit = escaped_unit(rest).value_or(0);
        if (is_first_half(unit) && is_second_half(escaped_unit(rest.substr(6)).value_or(0)))
            at += 12;
        else if (is_first_half(unit) || is_second_half(unit))
            out.replace(at, 6, "\\ufffd");
        else
            at += 2;  // whatever is escaped
        at = out.find('\\', at);
    }
    return out;
}

// nlohmann begins with "[json.exception.parse_error.101] ", which is nothing for
// people, and may quote the input, where a secret can stand. Line and column are enough.
std::string_view readable(std::string_view what)
{
    if (auto const end = what.find("] "); end != what.npos) what.remove_prefix(end + 2);
    return what.substr(0, what.find("; last read: "));
}

// Calls see for each character of a JSON text that stands in no string.
template <typename See>
void for_each_outside_strings(std::string_view text, See see)
{
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted)
            see(text[i]);
        else if (text[i] == '\\')
            ++i;  // whatever is escaped, it does not end the string
    }
}

std::size_t count_keys(std::string_view text)
{
    std::size_t keys = 0;
    for_each_outside_strings(text, [&](char c) { keys += c == ':'; });
    return keys;
}

// Counts the members of all objects in value.
std::size_t count_members(json const& value)
{
    std::size_t members = value.is_object() ? value.size() : 0;
    if (value.is_structured())
        for (json const& child : value) members += count_members(child);
    return members;
}

// Returns the first key of text, which is JSON, that stands twice in one object; an
// empty string if none does.
std::string key_that_is_there_twice(std::string_view text)
{
    std::vector<std::set<std::string>> open;  // the keys of the objects around
    std::optional<std::string> twice;
    std::ignore = json::parse(text, [&](int, json::parse_event_t event, json const& key) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key) {
            auto const& name = key.get_ref<std::string const&>();
            if (!open.back().insert(name).second && !twice) twice = name;
        }
        return true;
    });
    return twice.value_or("");
}

// Throws json::exception for what is not JSON.
result<json> parse_whole(std::string_view text, equal_keys equal)
{
    result<json> parsed{boost::system::in_place_value, json::parse(text)};
    // Of equal keys nlohmann keeps one: then the text has more keys than the value.
    if (equal == equal_keys::refused && count_keys(text) > count_members(*parsed))
        return error{
            fmt::format("two keys {} in one object", in_quotes(key_that_is_there_twice(text)))};
    return parsed;
}

}  // namespace

std::size_t json_depth(std::string_view text)
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    for_each_outside_strings(text, [&](char c) {
        if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
        if ((c == ']' || c == '}') && depth > 0) --depth;
    });
    return deepest;
}

result<json> parse_json(std::string_view text, equal_keys equal)
{
    if (json_depth(text) > max_json_depth)
        return error{fmt::format("JSON nested deeper than {} levels", max_json_depth)};
    // nlohmann takes a NUL for the end of the text and does not look behind it.
    if (text.find('\0') != text.npos) return error{"not valid JSON: a NUL byte"};
    try {
        if (may_escape_surrogates(text)) return parse_whole(with_whole_pairs(text), equal);
        return parse_whole(text, equal);
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

std::string_view json_string_content(std::string_view text, std::string& storage)
{
    if (needs_no_escape(text)) return text;
    storage = to_text(json(text));
    return std::string_view{storage}.substr(1, storage.size() - 2);
}

void append_json_string(std::string& out, std::string_view text)
{
    std::string storage;
    out += '"';
    out += json_string_content(text, storage);
    out += '"';
}

}  // namespace notify
