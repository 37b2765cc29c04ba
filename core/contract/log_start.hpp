// SPDX-License-Identifier: MIT
//
// From where a log is to be read: what a client says that it had last (Socket.IO's offset, SSE's
// Last-Event-ID, `since`), and the first argument of the script that reads (docs/protocol.md,
// Stored notifications).
//
// Pure functions; any thread may call them.
#pragma once

#include "contract/position.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

struct log_start {
    enum class kind : std::uint8_t {
        end,       // only what comes from now on
        position,  // what follows it; it has to be there, number and time
        id,        // the same, but of the position only epoch and number are known
        time,      // what was stored later than position::at
        all,       // what the log still has
    };

    kind what = kind::end;
    position where{};

    [[nodiscard]] static log_start after(std::optional<position> const& p)
    {
        return p ? log_start{kind::position, *p} : log_start{};
    }

    // Whether something that is not in the log any more would be missed.
    [[nodiscard]] bool claims_position() const
    {
        return what == kind::position || what == kind::id;
    }

    bool operator==(log_start const&) const = default;
};

// As the script takes it: "" for the end, "all", "@<microseconds>", an id or a position.
[[nodiscard]] std::string to_text(log_start const& from);

// Reads what a client or a person writes: "latest", "all", a position, an id, or how long ago, as
// "90s", "10m", "24h" or "7d". now: microseconds since 1970.
[[nodiscard]] std::optional<log_start> parse_log_start(std::string_view text, std::uint64_t now);

}  // namespace notify
