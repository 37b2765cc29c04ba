// SPDX-License-Identifier: MIT
//
// A user, as the web app and the publishers name them (docs/protocol.md, The contract with
// publishers).
//
// An id comes from the web app, from Redis, from a command line or a list, and becomes part of a
// channel's name, of command lines that people copy, and of the log. So characters that could end
// one of these are refused, and characters that nobody sees, since two users would look alike. All
// else is an id: auth0|5f7c, o'brien@example.org, José. django_notify has the same rule; otherwise
// it would publish to channels that no page can follow.
//
// The only ways to make one are the two functions below, so whoever has a user_id need not check
// it again. Ids are compared byte for byte, without Unicode's normal forms.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Invariant: 1 to 255 bytes of UTF-8, without control characters (as base/quoted.hpp defines them,
// marks of direction included), white space and slashes, and none of the words for nobody.
class user_id {
public:
    static constexpr std::size_t max_size = 255;  // bytes

    [[nodiscard]] std::string const& text() const { return text_; }
    bool operator==(user_id const&) const = default;

private:
    friend result<user_id> parse_user_id(std::string_view text);
    explicit user_id(std::string_view text) : text_{text} {}

    std::string text_;
};

// True if a JSON value says that there is no user: null, false, "", and the words that a program
// prints which has lost its user ("null", "undefined", "None", "false"). Taken as ids, these would
// be one channel, on which all whose user was lost would see each other's notifications.
[[nodiscard]] bool is_nobody(json const& value);

// Returns text as a user id. The error is a sentence that says that the id is refused, why, and
// which id, escaped and shortened; an id is no secret.
[[nodiscard]] result<user_id> parse_user_id(std::string_view text);

// Returns the user that a JSON value names: a string, or an integer from 0 to 2^64 - 1, whose
// decimal digits are the id. A larger one would have become a float, and two users one. The error
// is a sentence, as above.
[[nodiscard]] result<user_id> user_id_of(json const& value);

}  // namespace notify
