// SPDX-License-Identifier: MIT
//
// A notification as its sender writes it: what a user is to be told, before Redis gives it an id
// and a time (docs/protocol.md, Stored notifications).
//
// Values and pure functions; any thread may call them.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace notify {

// What is not given is left out.
struct notification_draft {
    std::string message;
    std::optional<std::string> title;
    std::optional<std::string> level;  // info, success, warning or error
    std::optional<std::string> link;   // where a click leads
    std::optional<std::string> event;  // a kind of the site's own
    std::optional<std::string> key;    // takes the place of what has the same key
    std::optional<std::string> data;   // any JSON, for the page's script
    std::optional<std::int64_t> ttl;   // seconds after which it is not shown any more
};

// Checks all but the message. The error says which field, with which value, and what to write.
// Also refuses what Redis would refuse later, so that nothing of a batch has been sent by then.
[[nodiscard]] result<void> check_fields(notification_draft const& draft);

// Returns the JSON object, in one line. Bytes that are not UTF-8 become U+FFFD. REQUIRES:
// check_fields() found nothing wrong.
[[nodiscard]] std::string to_json(notification_draft const& draft);

}  // namespace notify
