// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace notify {

namespace {

// All characters are checked here, since EVP_DecodeBlock accepts white space at both ends, and
// no client sends any.
bool is_base64_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes)
{
    std::size_t const before = out.size();
    std::size_t const encoded = (bytes.size() + 2) / 3 * 4;
    out.resize(before + encoded + 1);  // OpenSSL writes a NUL behind the text
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + before),
                    reinterpret_cast<unsigned char const*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    out.resize(before + encoded);
}

std::optional<std::string> decode_base64(std::string_view text)
{
    // EVP_DecodeBlock takes whole groups of four only. So the padding is taken off, whether it
    // was there or not, and put on again: then both cases are one.
    if (text.ends_with('=') && text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    if (text.size() % 4 == 1 || !std::all_of(text.begin(), text.end(), is_base64_digit))
        return std::nullopt;
    std::string padded{text};
    padded.append((4 - padded.size() % 4) % 4, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    int const n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                  reinterpret_cast<unsigned char const*>(padded.data()),
                                  static_cast<int>(padded.size()));
    if (n < 0) return std::nullopt;
    // It decodes each '=' to a zero byte and counts it.
    bytes.resize(static_cast<std::size_t>(n) - (padded.size() - text.size()));
    return bytes;
}

void append_base64url(std::string& out, std::string_view bytes)
{
    std::size_t const before = out.size();
    append_base64(out, bytes);
    while (out.size() > before && out.back() == '=') out.pop_back();
    auto const begin = out.begin() + static_cast<std::ptrdiff_t>(before);
    std::replace(begin, out.end(), '+', '-');
    std::replace(begin, out.end(), '/', '_');
}

// Compared with its own encoding, which also finds bits behind the last byte that are not zero.
std::optional<std::string> decode_base64url(std::string_view text)
{
    std::string usual{text};
    std::replace(usual.begin(), usual.end(), '-', '+');
    std::replace(usual.begin(), usual.end(), '_', '/');
    auto bytes = decode_base64(usual);
    if (!bytes) return std::nullopt;
    std::string again;
    append_base64url(again, *bytes);
    if (again != text) return std::nullopt;
    return bytes;
}

}  // namespace notify
