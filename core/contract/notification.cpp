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

std::optional<position> position_of(json const& event)
{
    if (event.size() != 3 || !event[2].is_string()) return std::nullopt;
    return parse_position(event[2].get_ref<std::string const&>());
}

namespace {

// A number of the contract is counted exactly by JavaScript too.
std::optional<std::uint64_t> number_in(json const& object, char const* name)
{
    auto const found = object.find(name);
    if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
    auto const n = found->get<std::uint64_t>();
    if (n >= std::uint64_t{1} << 53) return std::nullopt;
    return n;
}

std::string text_in(json const& object, char const* name)
{
    auto const found = object.find(name);
    if (found == object.end() || !found->is_string()) return {};
    return found->get<std::string>();
}

// Returns the members but the message; in front those that each stored notification has, in the
// order in which they are published.
std::vector<std::pair<std::string, std::string>> fields_of(json const& object)
{
    std::vector<std::pair<std::string, std::string>> fields;
    for (char const* const name : {"id", "at", "unread"})
        if (object.contains(name)) fields.emplace_back(name, to_text(object[name]));
    for (auto const& [name, value] : object.items())
        if (name != "message" && name != "id" && name != "at" && name != "unread")
            fields.emplace_back(name, to_text(value));
    return fields;
}

}  // namespace

notification notification_of(json const& event)
{
    if (event.size() < 2) return {};
    json const& argument = event[1];
    if (!argument.is_object() || !argument.contains("message") || !argument["message"].is_string())
        return {to_text(argument)};
    notification n{argument["message"].get<std::string>()};
    n.id = text_in(argument, "id");
    n.at = number_in(argument, "at").value_or(0);
    n.unread = number_in(argument, "unread");
    n.title = text_in(argument, "title");
    n.level = text_in(argument, "level");
    n.link = text_in(argument, "link");
    n.fields = fields_of(argument);
    n.where = position_of(event);
    return n;
}

}  // namespace notify
