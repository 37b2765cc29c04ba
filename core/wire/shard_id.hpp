// SPDX-License-Identifier: MIT
//
// The shard in a session's id. The first two characters are the shard's number in base 64: `AB…` is
// shard 1. The other 18 characters, 108 random bits, make the id a secret.
//
// The kernel spreads connections over the shards as it likes, so a polling request arrives at any
// of them. With the shard in the id it finds its session without a table that all threads share. A
// client passes the id on as it is, and gains nothing by inventing one.
#pragma once

#include "base/random.hpp"

#include <cstddef>
#include <string_view>

namespace notify {

// What two characters can name; far above any number of cores.
inline constexpr std::size_t max_shards = 64 * 64;

// Makes a new id for a session of this shard, from base/random. REQUIRES: shard < max_shards.
[[nodiscard]] url_safe_id random_id_of(std::size_t shard);

// Returns the shard that an id names, which may not exist in this process; max_shards if the text
// has not the form of an id.
[[nodiscard]] std::size_t shard_of(std::string_view id);

}  // namespace notify
