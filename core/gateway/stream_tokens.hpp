// SPDX-License-Identifier: MIT
//
// Gives tokens to the clients of streams, and takes them back (contract/stream_token), with the key
// that all gateways of the site share and by the system's clock, on which they agree.
//
// One for each shard, used on its thread.
#pragma once

#include "base/result.hpp"
#include "base/signature.hpp"
#include "base/timer_wheel.hpp"
#include "contract/user_id.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class stream_tokens {
public:
    // Returns the key, or null while it is not known: it is in Redis (gateway/shared_key).
    using key_source = std::function<secret_key const*()>;

    // window: how long after a cut a token is good; 0: there are none.
    stream_tokens(key_source key, milliseconds window) : key_{std::move(key)}, window_{window} {}

    // Returns a token for this user, or "" if none can be given now. renewed_in: when the client
    // gets its next one, if nothing is cut.
    [[nodiscard]] std::string give(user_id const& user, milliseconds renewed_in) const;

    // Returns whose token this is. Nothing: the key is not known yet. The error is a sentence for
    // the client.
    [[nodiscard]] std::optional<result<user_id>> read(std::string_view token) const;

    // How often a client is to get a new token, so that the one it has is never old.
    [[nodiscard]] milliseconds renewal() const { return window_ / 4; }

private:
    key_source const key_;
    milliseconds const window_;
};

}  // namespace notify
