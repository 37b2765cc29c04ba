// SPDX-License-Identifier: MIT
#include "base/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace notify {

namespace {

void fill_by_openssl(std::span<std::uint8_t> out)
{
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1)
        throw std::runtime_error("OpenSSL has no random bytes to give");
}

// A stock of random bytes. A call of OpenSSL costs as much for 20 bytes as for 500, so they are
// fetched by the block. What is given out is a secret of somebody else's from then on, and is wiped
// here at once.
class random_block {
public:
    // REQUIRES: out is no larger than a block.
    void give(std::span<std::uint8_t> out)
    {
        // A rest that is too small is overwritten rather than put together with new bytes.
        if (left_ < out.size()) {
            fill_by_openssl(bytes_);
            left_ = bytes_.size();
        }
        auto const some = std::span{bytes_}.subspan(bytes_.size() - left_, out.size());
        std::copy(some.begin(), some.end(), out.begin());
        OPENSSL_cleanse(some.data(), some.size());
        left_ -= out.size();
    }

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    std::array<std::uint8_t, 512> bytes_;
    std::size_t left_ = 0;  // how many at the end of bytes_ are unused
};

}  // namespace

void fill_random(std::span<std::uint8_t> out)
{
    thread_local random_block block;
    if (out.size() > block.size()) return fill_by_openssl(out);
    block.give(out);
}

url_safe_id random_id()
{
    static constexpr char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    std::array<std::uint8_t, 20> bytes;
    fill_random(bytes);
    url_safe_id id;
    // 64 letters divide 256: each is equally likely, with two bits of each byte unused.
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = alphabet[bytes[i] & 63];
    return id;
}

// 8-4-4-4-12 hexadecimal digits in lower case; bytes 6 and 8 say which kind of UUID it is.
std::string random_uuid()
{
    static constexpr char digits[] = "0123456789abcdef";
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // variant 10
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::uint32_t random_below(std::uint32_t bound)
{
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_int_distribution<std::uint32_t>{0, bound - 1}(generator);
}

}  // namespace notify
