// SPDX-License-Identifier: MIT
#include "contract/notification.hpp"

#include "contract/identity_claim.hpp"
#include "contract/internal_event.hpp"
#include "protocol/socket_packet.hpp"

#include <fmt/format.h>
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

namespace {

std::string const before_entry =
    sio::begin_packet(sio::packet_type::event, notifications_namespace) + R"(["notification",)";

}  // namespace

// A mark says in the log that it is one; here its code does.
std::string read_outcome_of(stored_entry const& e)
{
    constexpr std::string_view type_of_mark = R"(,"type":"read")";
    std::string fields{e.fields};
    if (auto const at = fields.find(type_of_mark); at != fields.npos)
        fields.erase(at, type_of_mark.size());
    std::string outcome = outcome_of(internal_code::read, "notifications were marked as read");
    outcome.back() = ',';
    return outcome + fmt::format(R"("id":"{}","at":{},{})", id_of(e.where), e.where.at, fields);
}

frame encode_entry(stored_entry const& e, bool offset)
{
    std::string const position = offset ? fmt::format(R"(,"{}"])", to_text(e.where)) : "]";
    if (e.what == stored_entry::type::read)
        return encode_internal_event(read_outcome_of(e), offset ? to_text(e.where) : "");
    return frame::text({before_entry, object_of(e), position});
}

frame encode_offset(std::string_view offset)
{
    static std::string const before =
        sio::begin_packet(sio::packet_type::event, notifications_namespace) + R"(["offset",")";
    return frame::text({before, offset, R"("])"});
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
