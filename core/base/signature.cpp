// SPDX-License-Identifier: MIT
#include "base/signature.hpp"

#include "base/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace notify {

namespace {

unsigned char const* octets(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

secret_key::secret_key(std::string_view secret) : bytes_{}
{
    SHA256(octets(secret), secret.size(), bytes_.data());
}

secret_key::~secret_key() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

bool secret_key::operator==(secret_key const& other) const
{
    return CRYPTO_memcmp(bytes_.data(), other.bytes_.data(), bytes_.size()) == 0;
}

std::string signature_of(std::string_view text, secret_key const& key)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> code;
    if (!HMAC(EVP_sha256(), key.bytes_.data(), static_cast<int>(key.bytes_.size()), octets(text),
              text.size(), code.data(), nullptr))
        throw std::runtime_error{"OpenSSL cannot sign"};
    std::string signature;
    append_base64url(signature, {reinterpret_cast<char const*>(code.data()), code.size()});
    return signature;
}

// The text of the right signature is compared, not its bytes: so only one text is a signature.
bool is_signature_of(std::string_view text, std::string_view signature, secret_key const& key)
{
    if (signature.size() != signature_size) return false;
    std::string const right = signature_of(text, key);
    return CRYPTO_memcmp(signature.data(), right.data(), signature_size) == 0;
}

}  // namespace notify
