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

// Sixteen bytes, which both x86-64 (SSE2) and ARM64 (NEON) hold in one register. The compiler's
// vector type needs no code of its own for each of them.
using lanes [[gnu::vector_size(16)]] = std::uint8_t;

bool is_any_set(lanes const& bytes)
{
    auto const halves = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
    return (halves[0] | halves[1]) != 0;
}

// True if text can stand in a JSON string as it is (RFC 8259 section 7): no control character, no
// quote, no backslash, and UTF-8.
//
// Looks at sixteen bytes at a time, and decides at the end, without a branch for each byte: every
// notification comes through here. The UTF-8 check runs only if a high bit was seen.
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
        // The last sixteen bytes, which cover the rest. To look at some of them twice is cheaper
        // than a loop for the rest, and changes nothing.
        take(end - sizeof(lanes));
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

// Returns the UTF-16 code unit that is escaped (`\u1234`) at the head of text, or nothing.
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

// True if text may hold the escape of a surrogate. A quick look that saves nearly every text the
// copy of with_whole_pairs; a backslash that is escaped itself (`\\ud`) is true without need.
bool may_escape_surrogates(std::string_view text)
{
    return text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
}

// Returns text in which each escaped half of a surrogate pair that stands alone is replaced by the
// escape of U+FFFD. JavaScript's JSON.stringify writes such halves, for instance for a string that
// was cut within an emoji; RFC 8259 section 8.2 allows them; nlohmann refuses the whole text. A
// client's session would end for one character.
std::string with_whole_pairs(std::string_view text)
{
    std::string out{text};
    std::size_t at = out.find('\\');
    while (at != out.npos) {
        std::string_view const rest = std::string_view{out}.substr(at);
        unsigned const unit = escaped_unit(rest).value_or(0);
        if (is_first_half(unit) && is_second_half(escaped_unit(rest.substr(6)).value_or(0)))
            at += 12;  // a whole pair
        else if (is_first_half(unit) || is_second_half(unit))
            out.replace(at, 6, "\\ufffd");
        else
            at += 2;  // the backslash and what it escapes, which may be a backslash
        at = out.find('\\', at);
    }
    return out;
}

// Returns what people need of a sentence of nlohmann's: what is wrong, in which line and column.
// Cut off are the "[json.exception.parse_error.101] " at its head, and at its end the quotation of
// the input, where a secret can stand.
std::string_view readable(std::string_view what)
{
    if (auto const end = what.find("] "); end != what.npos) what.remove_prefix(end + 2);
    return what.substr(0, what.find("; last read: "));
}

// Calls see(c) for each character of a JSON text that stands in no string. In a text that is not
// JSON, quotes are taken to begin and end strings all the same.
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
            ++i;  // the escaped character, which may be a quote, does not end the string
    }
}

// Counts the keys in text, which is JSON: outside of strings there is one colon for each.
std::size_t count_keys(std::string_view text)
{
    std::size_t keys = 0;
    for_each_outside_strings(text, [&](char c) { keys += c == ':'; });
    return keys;
}

// Counts the members of all objects in value. The recursion is as deep as max_json_depth at most.
std::size_t count_members(json const& value)
{
    std::size_t members = value.is_object() ? value.size() : 0;
    if (value.is_structured())
        for (json const& child : value) members += count_members(child);
    return members;
}

// Returns the first key that stands twice in one object of text, which is JSON; an empty string if
// none does. It parses the text a second time, with a set of keys for each object. To do that to
// each row made notify-send a third slower on 100,000 of them; so it runs only after counting has
// shown that there is such a key.
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

// Parses text, and looks for equal keys if they are to be refused. Throws json::exception for what
// is not JSON.
result<json> parse_whole(std::string_view text, equal_keys equal)
{
    result<json> parsed{boost::system::in_place_value, json::parse(text)};
    // nlohmann keeps one of several equal keys. So the text has more keys than the value then; to
    // compare two counts is much cheaper than to watch for equal keys while parsing.
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
        if ((c == ']' || c == '}') && depth > 0) --depth;  // "]]" is not JSON, and comes here too
    });
    return deepest;
}

result<json> parse_json(std::string_view text, equal_keys equal)
{
    if (json_depth(text) > max_json_depth)
        return error{fmt::format("JSON nested deeper than {} levels", max_json_depth)};
    // nlohmann takes a NUL for the end of the text. What stands behind it would go unread, and
    // another reader of the same text could see something else.
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
