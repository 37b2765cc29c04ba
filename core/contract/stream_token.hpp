// SPDX-License-Identifier: MIT
//
// By what a client is known that reconnects to its stream of events: a statement of the gateway's
// about its user, signed with the key that all gateways share, and good for a short time
// (docs/protocol.md, Streams of events).
//
//     <expiry, seconds since 1970>.<user, base64url>.<signature>
//
// A uuid works once, so a client that came with one could not come back otherwise. Nothing is kept
// for it meanwhile: any gateway with the key takes it, also after the first one was killed. A token
// is a secret like a session's cookie.
//
// Pure functions; any thread may call them. They throw std::bad_alloc.
#pragma once

#include "base/result.hpp"
#include "base/signature.hpp"
#include "contract/user_id.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// Returns the token of a user that is good until a time, in seconds since 1970.
[[nodiscard]] std::string stream_token_of(user_id const& user, std::int64_t until,
                                          secret_key const& key);

// Returns whose token this is. token: anything that a client can send. now: seconds since 1970. The
// error is a sentence for the client: the token is not one of this key's, or its time has passed.
[[nodiscard]] result<user_id> user_of_stream_token(std::string_view token, std::int64_t now,
                                                   secret_key const& key);

}  // namespace notify
