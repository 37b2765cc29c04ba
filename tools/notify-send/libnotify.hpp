// SPDX-License-Identifier: MIT
//
// Desktop systems have another notify-send, from libnotify. If the arguments are meant for that
// one, this program says which one it is and sends nothing.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>

namespace notify {

// Returns what shows that libnotify's program was meant, or nothing: one of its options, an
// urgency, or two texts (its summary and body) without a user.
[[nodiscard]] std::optional<std::string> sign_of_libnotify(CLI::App const& app, int argc,
                                                           char const* const* argv);

// Returns the rest of the error's sentence: what this program is, and which one was meant.
inline constexpr auto which_notify_send =
    "this notify-send sends to the users of a web site, through notify-gateway, and needs --user;\n"
    "to show something on this desktop, use the notify-send of libnotify (/usr/bin/notify-send)";

}  // namespace notify
