// SPDX-License-Identifier: MIT
//
// Names that nobody can guess, from the operating system's cryptographic source by way of OpenSSL.
// Session ids and uuidCookies are secrets: whoever knows one is that user.
//
// May be called on any thread; each thread has a block of random bytes of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace notify {

// Fills out with random bytes. Throws std::runtime_error if there are none to be had.
void fill_random(std::span<std::uint8_t> out);

// 20 characters of A-Z a-z 0-9 _ -, six random bits each: 120 in all. The public id of a socket is
// one. The `sid` of a session is one in which wire/shard_id has put the shard's number in place of
// the first two characters.
using url_safe_id = std::array<char, 20>;
[[nodiscard]] url_safe_id random_id();

// A UUID of version 4 (RFC 4122 section 4.4) in its usual 36 characters: 122 random bits.
[[nodiscard]] std::string random_uuid();

// A number from 0 up to, not including, bound. From a fast generator whose next number can be
// predicted: it spreads things out (first heartbeats, pauses between tries) and is never a secret.
// REQUIRES: bound > 0.
[[nodiscard]] std::uint32_t random_below(std::uint32_t bound);

}  // namespace notify
