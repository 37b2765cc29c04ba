// SPDX-License-Identifier: MIT
#include "contract/identity_claim.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

constexpr identity_claim by_cookies{};

// Returns a claim by the string at data["uuid"]. Where that is missing or no string, the claim is
// by the empty uuid: the client has asked, and gets the answer USERID_IS_NULL like for any other
// unknown uuid, rather than none.
identity_claim by_uuid_in(json const& data)
{
    if (!data.is_object()) return {""};
    auto const found = data.find("uuid");
    if (found == data.end() || !found->is_string()) return {""};
    return {found->get_ref<std::string const&>()};
}

}  // namespace

std::optional<identity_claim> claim_of_auth(json const& auth)
{
    if (auth.contains("uuid")) return by_uuid_in(auth);
    // Only `true` asks. The text "true", which is all that the query of Socket.IO 4 can carry, does
    // not: such a client asks by its event.
    auto const cookies = auth.find("cookies");
    if (cookies != auth.end() && *cookies == true) return by_cookies;
    return std::nullopt;
}

// The uuid is escaped, since notify-watch takes it from whoever typed it.
std::string auth_of(identity_claim const& claim)
{
    if (!claim.uuid) return R"({"cookies":true})";
    std::string auth = R"({"uuid":)";
    append_json_string(auth, *claim.uuid);
    return auth += '}';
}

std::optional<identity_claim> claim_of_event(json const& event, std::string_view name)
{
    if (name == "subscribe-to-notifications")
        return event.size() > 1 ? by_uuid_in(event[1]) : identity_claim{""};
    if (name == "subscribe-to-notifications-by-cookies") return by_cookies;
    return std::nullopt;
}

}  // namespace notify
