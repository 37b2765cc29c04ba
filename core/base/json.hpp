// SPDX-License-Identifier: MIT
//
// JSON that comes from outside: from clients, the web app, Redis, and the rows of notify-send.
//
// nlohmann does the parsing. This adds what a server needs besides. The depth is limited, since
// values are printed and walked by recursion, and a client could end the process with a megabyte
// of brackets. Errors are values; they show no value of the text, which may be a secret. Escapes
// that browsers really send, and nlohmann refuses, are read.
//
// Functions keep no state and may be called on any thread. Missing memory is an exception
// (std::bad_alloc), not an error.
#pragma once

#include "base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

using json = nlohmann::json;

// Arrays and objects within each other; docs/protocol.md promises it to clients (Socket.IO 5 and
// 4) and web apps.
inline constexpr std::size_t max_json_depth = 64;

// Returns the deepest nesting of arrays and objects in text, which need not be valid JSON: it is
// asked before anything parses the text. Brackets inside strings do not count.
[[nodiscard]] std::size_t json_depth(std::string_view text);

// What two equal keys of one object mean. JSON does not say (RFC 8259 section 4): this parser takes
// the last one, the program that wrote or checked the text may take the first. So they are refused
// where a value decides who somebody is, as in the web app's answer and the rows of notify-send.
enum class equal_keys : std::uint8_t { last_counts, refused };

// Parses one JSON text (RFC 8259). Refuses what is not JSON, not UTF-8, or nested deeper than
// max_json_depth. The escape of half a surrogate pair (`\ud800`), which browsers write, becomes
// U+FFFD. Equal keys are refused if asked to. The error is one sentence; it names line and column,
// and of the text nothing but a key that is there twice.
[[nodiscard]] result<json> parse_json(std::string_view text,
                                      equal_keys equal = equal_keys::last_counts);

// Empties a value without taking memory. nlohmann's destructor of an array or an
// object takes some, and ends the program where there is none.
void take_apart(json& value) noexcept;

// Has a value taken apart at the end of a scope.
class json_scope {
public:
    explicit json_scope(json& value) : value_{value} {}
    ~json_scope() { take_apart(value_); }
    json_scope(json_scope const&) = delete;
    json_scope& operator=(json_scope const&) = delete;

private:
    json& value_;
};

// Returns value as JSON text in one line. Invalid UTF-8, which nlohmann would refuse with an
// exception, becomes U+FFFD.
[[nodiscard]] std::string to_text(json const& value);

// Returns what stands between the quotes of text as a JSON string; invalid UTF-8 becomes U+FFFD.
// Each notification goes through here, and most need no escape: then the result is text itself,
// and nothing is copied. Otherwise the result is a view into storage, whose content is replaced.
[[nodiscard]] std::string_view json_string_content(std::string_view text, std::string& storage);

// Appends text to out as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace notify
