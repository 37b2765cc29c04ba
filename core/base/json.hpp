// SPDX-License-Identifier: MIT
//
// JSON as everybody outside sends it: nlohmann does the parsing, this adds the
// two bounds that it lacks. Nesting is limited, since a deep value would later
// be printed recursively, and errors come back as values.
#pragma once

#include "base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

using json = nlohmann::json;

inline constexpr std::size_t max_json_depth = 64;

// Returns the deepest nesting of arrays and objects in text, which need not be
// valid JSON. Brackets inside strings do not count.
[[nodiscard]] std::size_t json_depth(std::string_view text);

// What two equal keys of one object mean. JSON does not say (RFC 8259 section 4),
// and the next reader may take the other one: where a value decides who somebody
// is, they are refused.
enum class equal_keys : std::uint8_t { last_counts, refused };

// Parses one JSON text (RFC 8259). Refuses what is not JSON, not UTF-8, or
// nested deeper than max_json_depth. The escape of half a surrogate pair (`\ud800`),
// which browsers write, becomes U+FFFD. Equal keys are refused if asked to.
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

// Returns value as JSON text in one line; invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_text(json const& value);

// Returns what stands between the quotes of text as a JSON string; invalid UTF-8
// becomes U+FFFD. It is on the road of each notification: what needs no escape is
// text itself, anything else is made in storage.
[[nodiscard]] std::string_view json_string_content(std::string_view text, std::string& storage);

// Appends text to out as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace notify
