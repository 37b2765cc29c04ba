// SPDX-License-Identifier: MIT
//
// Unguessable names, from the operating system's cryptographic source by way of
// OpenSSL. Session ids and uuidCookies are secrets: whoever knows one is that user.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace notify {

// Fills out with random bytes. Throws std::runtime_error if there are none to be had.
void fill_random(std::span<std::uint8_t> out);

// 20 characters of A-Z a-z 0-9 _ -, six random bits each.
using url_safe_id = std::array<char, 20>;
[[nodiscard]] url_safe_id random_id();

// A UUID of version 4 (RFC 4122 section 4.4) in its usual 36 characters.
[[nodiscard]] std::string random_uuid();

// A number from 0 up to, not including, bound; for spreading things out, not for
// secrets. REQUIRES: bound > 0.
[[nodiscard]] std::uint32_t random_below(std::uint32_t bound);

}  // namespace notify
