// SPDX-License-Identifier: MIT
#include "contract/notification.hpp"

#include "contract/identity_claim.hpp"
#include "protocol/socket_packet.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

// The same for every message, so it is put together once, before main(). It ends within a JSON
// string, which the text that was published continues.
std::string const before_message =
    sio::begin_packet(sio::packet_type::event, notifications_namespace) +
    R"(["notification",{"message":")";

}  // namespace

frame encode_notification(std::string_view published)
{
    std::string storage;
    return frame::text({before_message, json_string_content(published, storage), R"("}])"});
}

notification notification_of(json const& event)
{
    if (event.size() < 2) return {};
    json const& argument = event[1];
    if (argument.is_object()) {
        auto const found = argument.find("message");
        if (found != argument.end() && found->is_string()) return {found->get<std::string>()};
    }
    return {to_text(argument)};
}

}  // namespace notify
