// SPDX-License-Identifier: MIT
//
// Desktops have a notify-send of their own, of libnotify. Whoever calls this one
// as if it were that one is told which program this is, and nothing is sent.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>

namespace notify {

// Returns how the arguments show that libnotify's was meant, if they do: one of its
// options, an urgency, or a summary and a body for nobody.
[[nodiscard]] std::optional<std::string> sign_of_libnotify(CLI::App const& app, int argc,
                                                           char const* const* argv);

// The rest of the sentence: what this program is, and which one was meant.
inline constexpr auto which_notify_send =
    "this notify-send sends to the users of a web site, through notify-gateway, and needs --user;\n"
    "to show something on this desktop, use the notify-send of libnotify (/usr/bin/notify-send)";

}  // namespace notify
