// SPDX-License-Identifier: MIT
#include "contract/identity_claim.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

// Returns what stands at data["since"]. null is the same as nothing: a page has it from a storage
// in which nothing is yet.
std::optional<std::string_view> since_in(json const& data)
{
    if (!data.is_object()) return std::nullopt;
    auto const found = data.find("since");
    if (found == data.end() || found->is_null()) return std::nullopt;
    if (!found->is_string()) return "(no text)";
    return found->get_ref<std::string const&>();
}

identity_claim by_cookies_in(json const& data) { return {std::nullopt, since_in(data)}; }

// Returns a claim by the string at data["uuid"]. Where that is missing or no string, the claim is
// by the empty uuid: the client has asked, and gets the answer USERID_IS_NULL like for any other
// unknown uuid, rather than none.
identity_claim by_uuid_in(json const& data)
{
    auto const since = since_in(data);
    if (!data.is_object()) return {"", since};
    auto const found = data.find("uuid");
    if (found == data.end() || !found->is_string()) return {"", since};
    return {found->get_ref<std::string const&>(), since};
}

}  // namespace

std::optional<identity_claim> claim_of_auth(json const& auth)
{
    if (auth.contains("uuid")) return by_uuid_in(auth);
    // Only `true` asks. The text "true", which is all that the query of Socket.IO 4 can carry, does
    // not: such a client asks by its event.
    auto const cookies = auth.find("cookies");
    if (cookies != auth.end() && *cookies == true) return by_cookies_in(auth);
    return std::nullopt;
}

// The texts are escaped, since notify-watch takes them from whoever typed them.
std::string auth_of(identity_claim const& claim)
{
    std::string auth = claim.uuid ? R"({"uuid":)" : R"({"cookies":true)";
    if (claim.uuid) append_json_string(auth, *claim.uuid);
    if (claim.since) append_json_string(auth += R"(,"since":)", *claim.since);
    return auth += '}';
}

std::optional<identity_claim> claim_of_event(json const& event, std::string_view name)
{
    json const& argument = event.size() > 1 ? event[1] : event[0];  // the name says nothing
    if (name == "subscribe-to-notifications") return by_uuid_in(argument);
    if (name == "subscribe-to-notifications-by-cookies") return by_cookies_in(argument);
    return std::nullopt;
}

}  // namespace notify
