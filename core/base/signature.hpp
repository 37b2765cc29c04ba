// SPDX-License-Identifier: MIT
//
// Signatures by a secret key: HMAC-SHA256 (RFC 2104). Whoever has the key can tell whether a text
// that comes back from a stranger is one that was signed with it, unchanged.
//
// A text should begin with what it is for. Otherwise a signature that was given for one purpose
// would be good for another.
//
// Pure functions; any thread may call them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// Wiped when it is destroyed, as far as its own memory goes.
class secret_key {
public:
    // Makes the key of a secret, which may be of any length and hold any bytes; the key is its
    // SHA-256. It is only as hard to guess as the secret.
    explicit secret_key(std::string_view secret);
    secret_key(secret_key const&) = default;
    secret_key& operator=(secret_key const&) = default;
    ~secret_key();

    // Compares in a time that does not depend on where the keys differ.
    bool operator==(secret_key const& other) const;

private:
    friend std::string signature_of(std::string_view text, secret_key const& key);

    std::array<std::uint8_t, 32> bytes_;
};

// The length of a signature: 256 bits in base64url.
inline constexpr std::size_t signature_size = 43;

// Returns the signature of text, characters of A-Z a-z 0-9 _ -.
[[nodiscard]] std::string signature_of(std::string_view text, secret_key const& key);

// True if signature is that of text. Compares in a time that does not depend on where a wrong one
// begins to differ, so that nobody can find a right one character by character. signature may be
// anything that a stranger has sent.
[[nodiscard]] bool is_signature_of(std::string_view text, std::string_view signature,
                                   secret_key const& key);

}  // namespace notify
