// SPDX-License-Identifier: MIT
//
// The shard in a session's id: its first two characters are the shard's number
// in base 64, so that a request finds its session wherever it arrives. The other
// 18 characters, 108 bits, are what makes the id a secret.
#pragma once

#include "base/random.hpp"

#include <cstddef>
#include <string_view>

namespace notify {

inline constexpr std::size_t max_shards = 64 * 64;

// A new id for a session of this shard. REQUIRES: shard < max_shards.
[[nodiscard]] url_safe_id random_id_of(std::size_t shard);

// The shard that an id names; max_shards if it names none.
[[nodiscard]] std::size_t shard_of(std::string_view id);

}  // namespace notify
