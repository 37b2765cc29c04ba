// SPDX-License-Identifier: MIT
#include "contract/internal_event.hpp"

#include "base/quoted.hpp"
#include "contract/identity_claim.hpp"
#include "protocol/socket_packet.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace notify {

namespace {

std::string_view type_of(internal_code code)
{
    bool const is_good = code == internal_code::subscription_ok || code == internal_code::read;
    return is_good ? "success" : "error";
}

}  // namespace

std::string_view name_of(internal_code code)
{
    switch (code) {
    case internal_code::subscription_ok: return "SUBSCRIPTION_OK";
    case internal_code::read: return "READ";
    case internal_code::gap: return "GAP";
    case internal_code::redis_failed: return "USER_ID_RETRIEVAL_RETURNED_ERROR";
    case internal_code::unknown_uuid: return "USERID_IS_NULL";
    case internal_code::cookies_refused: return "SUBSCRIBE_BY_COOKIES_ERROR";
    case internal_code::message_too_large: return "MESSAGE_TOO_LARGE";
    case internal_code::bad_position: return "BAD_POSITION";
    }
    return "UNKNOWN";
}

// Written by hand, and not dumped from a JSON value, which would sort its members by name. The
// codes need no escape; message can hold anything, and is escaped.
std::string outcome_of(internal_code code, std::string_view message)
{
    std::string object =
        fmt::format(R"({{"type":"{}","code":"{}","message":)", type_of(code), name_of(code));
    append_json_string(object, message);
    return object += '}';
}

std::string too_large_sentence(std::size_t bytes)
{
    return fmt::format("a notification of {} bytes is too large and was not delivered", bytes);
}

std::string bad_position_sentence(std::string_view since)
{
    return fmt::format("since: {} is no place among what is stored: write latest, all, 10m, the id "
                       "of a notification, or a position",
                       in_quotes(since));
}

frame encode_internal_event(std::string_view outcome, std::string_view offset)
{
    std::string const more = offset.empty() ? "" : fmt::format(R"(,"{}")", offset);
    return frame::text(sio::begin_packet(sio::packet_type::event, notifications_namespace) +
                       fmt::format(R"(["internal",{}{}])", outcome, more));
}

frame encode_acknowledgement(std::uint64_t id, std::string_view outcome)
{
    return frame::text(sio::begin_packet(sio::packet_type::ack, notifications_namespace, id) +
                       fmt::format("[{}]", outcome));
}

internal_event internal_event_of(json const& event)
{
    // Without an argument the name stands in for it: it is no object, so all is "(nothing)".
    json const& said = event.size() > 1 ? event[1] : event[0];
    return {text_or_nothing(said, "type"), text_or_nothing(said, "code"),
            text_or_nothing(said, "message")};
}

std::string text_or_nothing(json const& object, char const* name)
{
    if (!object.is_object()) return "(nothing)";
    auto const found = object.find(name);
    if (found == object.end() || !found->is_string()) return "(nothing)";
    return found->get<std::string>();
}

}  // namespace notify
