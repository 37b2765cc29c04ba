// SPDX-License-Identifier: MIT
//
// How a client of the namespace of notifications says who it is: by a uuidCookie, or by the cookies
// that its browser sent (docs/protocol.md, The contract with pages). It says so in CONNECT, or in
// an event later. Beside it may stand from where on it wants what is stored for the user.
//
// A claim is not checked here. gateway/notifications reads it and asks identity/identity whose it
// is; notify-watch writes one. Pages in the field send these JSON texts, so what is accepted can be
// extended and not narrowed. Pure functions; any thread may call them.
#pragma once

#include "base/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// The Socket.IO namespace in which users get their notifications.
inline constexpr std::string_view notifications_namespace = "/io/user/notifications";

struct identity_claim {
    // The uuid that was claimed, as a view into the JSON value that it was read from. It may be
    // anything a client can send: of any length, with any characters, a secret in any case. ""
    // stands for a claim by uuid without one. Nothing: the claim is by cookies.
    std::optional<std::string_view> uuid{};
    // From where in the user's log, as it was written (contract/log_start reads it); a view too.
    // Nothing: only what comes from now on, and the client does not want to know where it stands.
    std::optional<std::string_view> since{};
};

// Returns the claim in CONNECT's `auth`, {"uuid":"…"} or {"cookies":true}, each also with
// "since":"…"; with both, the uuid counts. Nothing if neither is there: the client may say it
// later. auth may be any JSON value, also null. REQUIRES: auth outlives the claim.
[[nodiscard]] std::optional<identity_claim> claim_of_auth(json const& auth);

// The other way, for a client: returns the JSON text of `auth`.
[[nodiscard]] std::string auth_of(identity_claim const& claim);

// Returns the claim in an event. `event` is the whole array, whose first element is the name.
// Nothing if the event of this name makes no claim. REQUIRES: event outlives the claim.
[[nodiscard]] std::optional<identity_claim> claim_of_event(json const& event,
                                                           std::string_view name);

}  // namespace notify
