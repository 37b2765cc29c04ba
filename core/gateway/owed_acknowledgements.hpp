// SPDX-License-Identifier: MIT
//
// The acknowledgements that a question of a socket owes: of all events by which the client has
// asked it, or one whose place it has taken. Each is paid once, with the outcome that counts.
//
// Belongs to its question, on the shard's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace notify {

namespace sio {
class socket;
}

// The id by which an event asks for an acknowledgement, if it does.
using ack_id = std::optional<std::uint64_t>;

class owed_acknowledgements {
public:
    // One question may owe so many; further ones are answered `[]` at once. Bounds what a client
    // that repeats a question without end can make us keep.
    static constexpr std::size_t most = 16;

    // Notes an acknowledgement to s, if one was asked for.
    void add(sio::socket& s, ack_id ack);

    // Takes over what a question owes to s whose place this one takes.
    void take(sio::socket& s, owed_acknowledgements& other);

    // Sends them all. outcome: JSON text of an object.
    void pay(sio::socket& s, std::string_view outcome);

    [[nodiscard]] bool none() const { return ids_.empty(); }

private:
    std::vector<std::uint64_t> ids_;
};

}  // namespace notify
