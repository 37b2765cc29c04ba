// SPDX-License-Identifier: MIT
#include "gateway/outcome.hpp"

#include "base/json.hpp"
#include "gateway/notifications.hpp"
#include "protocol/socket_packet.hpp"

#include <fmt/format.h>

namespace notify {

std::string outcome_of(std::string_view type, std::string_view code, std::string_view message)
{
    std::string object = fmt::format(R"({{"type":"{}","code":"{}","message":)", type, code);
    append_json_string(object, message);
    return object += '}';
}

frame internal_event(std::string_view outcome)
{
    return frame::text(sio::begin_packet(sio::packet_type::event, notifications::ns_name) +
                       fmt::format(R"(["internal",{}])", outcome));
}

frame acknowledgement(std::uint64_t id, std::string_view outcome)
{
    return frame::text(sio::begin_packet(sio::packet_type::ack, notifications::ns_name, id) +
                       fmt::format("[{}]", outcome));
}

}  // namespace notify
