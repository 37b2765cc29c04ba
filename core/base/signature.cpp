// SPDX-License-Identifier: MIT
#include "base/signature.hpp"

#include "base/base64.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <memory>
#include <stdexcept>

namespace notify {

namespace {

unsigned char const* octets(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

struct free_context {
    void operator()(EVP_MAC_CTX* c) const { EVP_MAC_CTX_free(c); }
};

[[noreturn]] void fail() { throw std::runtime_error{"OpenSSL cannot sign"}; }

// Each thread has one, since looking the algorithm up costs more than a signature. OpenSSL keeps
// the last key in it, and wipes that with it.
EVP_MAC_CTX* hmac_sha256()
{
    thread_local std::unique_ptr<EVP_MAC_CTX, free_context> const context = [] {
        EVP_MAC* const mac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
        std::unique_ptr<EVP_MAC_CTX, free_context> made{EVP_MAC_CTX_new(mac)};
        EVP_MAC_free(mac);  // the context holds it
        char digest[] = "SHA256";
        OSSL_PARAM const parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        if (!made || !EVP_MAC_CTX_set_params(made.get(), parameters)) fail();
        return made;
    }();
    return context.get();
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
    EVP_MAC_CTX* const mac = hmac_sha256();
    std::array<unsigned char, SHA256_DIGEST_LENGTH> code;
    std::size_t size = 0;
    if (!EVP_MAC_init(mac, key.bytes_.data(), key.bytes_.size(), nullptr) ||
        !EVP_MAC_update(mac, octets(text), text.size()) ||
        !EVP_MAC_final(mac, code.data(), &size, code.size()))
        fail();
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
