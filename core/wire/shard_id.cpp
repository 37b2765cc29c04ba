// SPDX-License-Identifier: MIT
#include "wire/shard_id.hpp"

namespace notify {

namespace {

// The digits of url_safe_id, so that the first two characters look like the others.
constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

}  // namespace

url_safe_id random_id_of(std::size_t shard)
{
    url_safe_id id = random_id();
    id[0] = digits[shard / 64 % 64];
    id[1] = digits[shard % 64];
    return id;
}

std::size_t shard_of(std::string_view id)
{
    // An id comes from a client, and may be anything.
    if (id.size() != url_safe_id{}.size()) return max_shards;
    std::size_t const high = digits.find(id[0]);
    std::size_t const low = digits.find(id[1]);
    if (high == digits.npos || low == digits.npos) return max_shards;
    return high * 64 + low;
}

}  // namespace notify
