// SPDX-License-Identifier: MIT
//
// The id of an event in a stream, with which a client that comes back says what it had
// (docs/protocol.md, Streams of events):
//
//     1732657160000-17-1732657161234567            where the event stands in the user's log
//     1732657160000-17-1732657161234567.dGhl…      and a token by which the client is known again
//     .dGhl…                                       a token alone: nobody knows where the log ends
//
// A browser's EventSource reconnects to the same URL, and can bring nothing new but the newest id
// (Last-Event-ID). So a client that came with a uuid, which works once, has its token in there.
//
// A plain value; any thread may use it.
#pragma once

#include "contract/position.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

struct event_id {
    std::optional<position> where;
    std::string token;  // a secret; "" for clients that are known by their cookies

    bool operator==(event_id const&) const = default;
};

// Returns the text of an id; "" for one that says nothing.
[[nodiscard]] std::string to_text(event_id const& id);

// Reads what to_text() writes, but for "". The token may be any printable ASCII without a space:
// whether it holds is for its key to say.
[[nodiscard]] std::optional<event_id> parse_event_id(std::string_view text);

}  // namespace notify
