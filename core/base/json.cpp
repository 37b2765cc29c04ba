// SPDX-License-Identifier: MIT
#include "base/json.hpp"

#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace notify {

namespace {

// Eight bytes at a time, as one number. Of each byte of these masks:
constexpr std::uint64_t each = 0x0101010101010101;
constexpr std::uint64_t top = 0x80 * each;

// Has the top bit of a byte set if a byte of word is less than limit (at most
// 0x80), and perhaps of bytes above such a one.
constexpr std::uint64_t any_less(std::uint64_t word, std::uint64_t limit)
{
    return (word - limit * each) & ~word & top;
}

// What a JSON string cannot hold as it is (RFC 8259 section 7).
constexpr std::uint64_t any_to_escape(std::uint64_t word)
{
    return any_less(word, 0x20) | any_less(word ^ (each * '"'), 1) |
           any_less(word ^ (each * '\\'), 1);
}

// True if text can stand in a JSON string as it is.
bool needs_no_escape(std::string_view text)
{
    std::uint64_t to_escape = 0;
    std::uint64_t beyond_ascii = 0;
    auto const take = [&](std::uint64_t word) {
        to_escape |= any_to_escape(word);
        beyond_ascii |= word & top;
    };
    std::size_t at = 0;
    for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        take(word);
    }
    std::uint64_t last = each * ' ';
    if (at < text.size()) std::memcpy(&last, text.data() + at, text.size() - at);
    take(last);
    return to_escape == 0 && (beyond_ascii == 0 || is_utf8(text));
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

// Sees each key while a text is parsed.
struct key_watch {
    std::vector<std::set<std::string>> open;  // the keys of the objects around
    std::optional<std::string> twice;         // the first that came again

    bool operator()(int /*depth*/, json::parse_event_t event, json const& key)
    {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key) {
            auto const& name = key.get_ref<std::string const&>();
            if (!open.back().insert(name).second && !twice) twice = name;
        }
        return true;
    }
};

// Throws json::exception for what is not JSON.
result<json> parse_whole(std::string_view text, equal_keys equal)
{
    if (equal == equal_keys::last_counts) return {boost::system::in_place_value, json::parse(text)};
    key_watch watch;
    result<json> parsed{boost::system::in_place_value, json::parse(text, std::ref(watch))};
    if (watch.twice)
        return error{fmt::format("two keys {} in one object", in_quotes(*watch.twice))};
    return parsed;
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
