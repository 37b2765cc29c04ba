// SPDX-License-Identifier: MIT
#include "gateway/owed_acknowledgements.hpp"

#include "base/json.hpp"
#include "contract/internal_event.hpp"
#include "socketio/socket.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace notify {

void owed_acknowledgements::add(sio::socket& s, ack_id ack)
{
    if (!ack) return;
    if (ids_.size() < most)
        ids_.push_back(*ack);
    else
        s.acknowledge(*ack, json::array());
}

void owed_acknowledgements::take(sio::socket& s, owed_acknowledgements& other)
{
    for (std::uint64_t const id : std::exchange(other.ids_, {})) add(s, id);
}

void owed_acknowledgements::pay(sio::socket& s, std::string_view outcome)
{
    for (std::uint64_t const id : std::exchange(ids_, {}))
        s.send(encode_acknowledgement(id, outcome));
}

}  // namespace notify
