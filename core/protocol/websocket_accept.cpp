// SPDX-License-Identifier: MIT
#include "protocol/websocket_accept.hpp"

#include "base/base64.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace notify::ws {

namespace {

struct md_freer {
    void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};

using owned_md = std::unique_ptr<EVP_MD, md_freer>;

owned_md fetch_sha1()
{
    owned_md found{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
    if (!found) throw std::runtime_error{"no SHA-1 in OpenSSL, which WebSocket needs"};
    return found;
}

// Fetched once, and kept until the process ends. SHA1() looks the algorithm up at each call, which
// took 2,100 instructions of each connect, more than the digest itself.
EVP_MD const* sha1_md()
{
    static owned_md const found = fetch_sha1();
    return found.get();
}

}  // namespace

std::string accept_for(std::string_view key)
{
    // The constant of RFC 6455 section 1.3.
    std::string const text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, sha1_md(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL computed no SHA-1"};
    std::string out;
    append_base64(out, {reinterpret_cast<char const*>(digest.data()), digest.size()});
    return out;
}

}  // namespace notify::ws
