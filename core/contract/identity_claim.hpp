// SPDX-License-Identifier: MIT
//
// How a client of the namespace of notifications says who it is: by a uuidCookie, or by
// the cookies that its browser sent (docs/protocol.md, The contract with pages). It says
// so when it connects, or in an event later.
#pragma once

#include "base/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// Where a user's notifications come.
inline constexpr std::string_view notifications_namespace = "/io/user/notifications";

struct identity_claim {
    // A view into what it was read from, "" if that was no uuid; nothing: by the cookies.
    std::optional<std::string_view> uuid;
};

// What CONNECT's `auth` says: {"uuid":"…"} or {"cookies":true}. Nothing if neither is
// there: then the client says it later.
[[nodiscard]] std::optional<identity_claim> claim_of_auth(json const& auth);
[[nodiscard]] std::string auth_of(identity_claim const& claim);

// What an event of this name says, whose arguments follow the name in `event`. Nothing
// if it is another event.
[[nodiscard]] std::optional<identity_claim> claim_of_event(json const& event,
                                                           std::string_view name);

}  // namespace notify
