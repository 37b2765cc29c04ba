// SPDX-License-Identifier: MIT
//
// The key with which all gateways of a site sign what their clients bring back (socketio/recovery).
//
// An operator may give it in a file (--secret-file). Otherwise it is kept in Redis, in the string
// `notify:secret`: the first gateway puts a random one there, and the others read it. If Redis does
// not allow that, this process has a key of its own, and clients can come back to this process
// only. Until one of these is known there is no key, and clients get nothing that would need one.
//
// One for each shard, used on its thread. All shards of a process propose the same secret.
#pragma once

#include "base/signature.hpp"
#include "redis/redis_client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class shared_key {
public:
    // The string in Redis.
    static constexpr std::string_view name = "notify:secret";
    // A secret with fewer bytes is not taken: 32 random ones, or 64 hexadecimal digits, are enough.
    static constexpr std::size_t least = 32;

    // given: from the file, if there is one. REQUIRES: redis outlives this, and calls no handler
    // any more when this has been destroyed.
    shared_key(redis::redis_client& redis, std::optional<secret_key> given)
        : redis_{redis}, is_given_{given.has_value()}, key_{std::move(given)}
    {
    }

    // The key, or null while none is known. It changes when another one is found in Redis.
    [[nodiscard]] secret_key const* get() const { return key_ ? &*key_ : nullptr; }

    // Has own called, with Redis' reason, if this process begins to use a key of its own.
    using own_handler = std::function<void(std::string_view why)>;

    // Agrees with the other gateways on a key. To be called for each new connection to Redis, which
    // may be another one then; if the secret is missing there, the one in use is put back. Does
    // nothing if a key was given.
    void agree(own_handler own);

private:
    void on_secret(result<redis::reply_view> const& reply, own_handler const& own);

    redis::redis_client& redis_;
    bool const is_given_;
    std::optional<secret_key> key_;
    std::string secret_;  // what key_ was made of, if it came from Redis
};

}  // namespace notify
