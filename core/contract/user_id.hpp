// SPDX-License-Identifier: MIT
//
// A user, as the web app and the publishers name them. It becomes part of a
// channel's name, of command lines and of logs, so nothing that could end one, or
// that nobody sees, gets this far, whatever a browser, the web app, Redis or a
// command line says. All else is an id: auth0|5f7c, o'brien@example.org, José.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Invariant: 1 to 255 bytes of UTF-8 without control characters (those of quoted.hpp,
// direction marks too), white space and slashes, that are not nobody's.
class user_id {
public:
    static constexpr std::size_t max_size = 255;

    [[nodiscard]] std::string const& text() const { return text_; }
    bool operator==(user_id const&) const = default;

private:
    friend result<user_id> parse_user_id(std::string_view text);
    explicit user_id(std::string_view text) : text_{text} {}

    std::string text_;
};

// True for what says that there is no user: null, false, "", and what a program
// that has lost its user prints for it ("null", "undefined", "None", "false"): taken
// as ids, these would be one channel for all.
[[nodiscard]] bool is_nobody(json const& value);

// The error says that the id is refused, why, and which: escaped and shortened.
[[nodiscard]] result<user_id> parse_user_id(std::string_view text);

// The user that a JSON value names: a string, or an integer that is not negative.
[[nodiscard]] result<user_id> user_id_of(json const& value);

}  // namespace notify
