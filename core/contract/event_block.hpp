// SPDX-License-Identifier: MIT
//
// Events as bytes of a stream, in its two forms (docs/protocol.md, Streams of events).
//
// server_sent, which a browser's EventSource reads (WHATWG HTML, Server-sent events):
//
//     id: 1732657160000-17-1732657161234567
//     event: notification
//     data: {"id":"1732657160000-17","at":1732657161234567,"unread":3,"message":"Hey"}
//
// and ndjson, a JSON object in each line, which `curl -N` shows and any language reads:
//
//     {"id":"1732657160000-17-…","event":"notification","data":{"id":…,"message":"Hey"}}
//
// In both the id comes first. So one block, encoded once, serves all streams of a user: one that
// has a token of its own puts it in behind the id (id_in).
//
// Pure functions; any thread may call them. They throw std::bad_alloc.
#pragma once

#include "protocol/frame.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

enum class stream_form : std::uint8_t { server_sent, ndjson };

// Returns the media type: "text/event-stream" or "application/x-ndjson".
[[nodiscard]] std::string_view media_type_of(stream_form form);

struct stream_event {
    std::string_view name;  // "notification", "internal"
    std::string_view id;    // the text of an event_id; "": the event leaves the client's as it is
    std::string_view data;  // JSON
};

// Returns the block of an event. Line ends in data, which JSON allows between its values only,
// become spaces: they would end the block's line. REQUIRES: name and id need no escape.
[[nodiscard]] frame encode_block(stream_form form, stream_event const& e);

// Returns the id that a block begins with, as a view into it; "" if it has none.
[[nodiscard]] std::string_view id_in(stream_form form, std::string_view block);

// Returns what a stream sends when it has had nothing to say for a while, so that no proxy takes it
// for dead. id: one that the client shall remember from now on, or "". A browser's page sees no
// event; a reader of ndjson sees {"event":"heartbeat"}.
[[nodiscard]] std::string encode_heartbeat(stream_form form, std::string_view id);

// Returns what a stream begins with: for a browser, after how many milliseconds it is to come back.
// It is no block yet: an empty line would make the browser forget its id, so a block has to follow.
[[nodiscard]] std::string encode_opening(stream_form form, unsigned retry);

}  // namespace notify
