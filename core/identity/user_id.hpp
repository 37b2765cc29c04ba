// SPDX-License-Identifier: MIT
//
// A user, as the web app and the publishers name them. It becomes part of a
// channel's name, so nothing else than these bytes gets this far, whatever a
// browser, the web app, Redis or a command line says.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Invariant: 1 to 128 bytes of A-Z a-z 0-9 . _ @ : + - that are not what a
// program prints for nobody (null, undefined, None, false).
class user_id {
public:
    static constexpr std::size_t max_size = 128;

    [[nodiscard]] std::string const& text() const { return text_; }
    bool operator==(user_id const&) const = default;

private:
    friend result<user_id> parse_user_id(std::string_view text);
    explicit user_id(std::string_view text) : text_(text) {}

    std::string text_;
};

// The error shows the text, escaped and shortened.
[[nodiscard]] result<user_id> parse_user_id(std::string_view text);

// The user that a JSON value names: a string, or an integer that is not
// negative. null, "", false and all else are nobody.
[[nodiscard]] result<user_id> user_id_of(json const& value);

// The Redis channel of a user's notifications (protocol.md 1.1).
[[nodiscard]] std::string channel_of(user_id const& user);

}  // namespace notify
