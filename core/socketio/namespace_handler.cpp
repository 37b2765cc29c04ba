// SPDX-License-Identifier: MIT
#include "socketio/namespace_handler.hpp"

#include "socketio/socket.hpp"

#include <nlohmann/json.hpp>

namespace notify::sio {

// parse_data() has made sure that the array has a first element, a string or a number.
std::string_view event::name() const
{
    json const& name = data.front();
    return name.is_string() ? std::string_view{name.get_ref<std::string const&>()} : "";
}

void namespace_handler::on_event(socket& s, event e)
{
    if (e.ack) s.acknowledge(*e.ack, json::array());
}

}  // namespace notify::sio
