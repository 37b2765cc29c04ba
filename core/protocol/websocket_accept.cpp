// SPDX-License-Identifier: MIT
#include "protocol/websocket_accept.hpp"

#include "base/base64.hpp"

#include <openssl/sha.h>

#include <array>

namespace notify::ws {

std::string accept_for(std::string_view key)
{
    std::string const text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data());
    std::string out;
    append_base64(out, {reinterpret_cast<char const*>(digest.data()), digest.size()});
    return out;
}

}  // namespace notify::ws
