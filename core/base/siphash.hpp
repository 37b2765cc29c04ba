// SPDX-License-Identifier: MIT
//
// SipHash (Aumasson and Bernstein, 2012): a hash with a secret key. Without the key nobody can make
// texts that collide.
//
// It is for tables whose keys strangers choose: the hub's channels (a session cookie can be part of
// a channel's name), and the questions to the web app (by a browser's headers). With an unkeyed
// hash a stranger can compute names that all fall into one bucket. 12,000 such names were enough to
// take a shard's whole time, since each look-up then compares with all of them. The price is some
// 130 instructions for a notification.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace notify {

struct siphash_key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

// The key of this process: random, made by the first call, the same for all threads. It must not
// leave the process, nor must a hash that was made with it.
[[nodiscard]] siphash_key const& process_siphash_key();

// One computation of a hash: siphash<>{key}(text). Compression is the number of rounds after each
// eight bytes, Finalization that at the end. 2 and 4 are the paper's, with which the test compares
// its vectors; 1 and 3 are enough for tables, and what Rust and Python use.
template <int Compression = 1, int Finalization = 3>
class siphash {
public:
    // The constants spell "somepseudorandomlygeneratedbytes"; the paper gives them.
    explicit siphash(siphash_key const& key)
        : v0_{0x736f6d6570736575 ^ key.low},
          v1_{0x646f72616e646f6d ^ key.high},
          v2_{0x6c7967656e657261 ^ key.low},
          v3_{0x7465646279746573 ^ key.high}
    {
    }

    // Consumes the state, hence the &&. The last word holds the bytes that are left over and, in
    // its highest byte, the length: so "a" and "a\0" differ.
    [[nodiscard]] std::uint64_t operator()(std::string_view text) &&
    {
        static_assert(std::endian::native == std::endian::little);
        char const* at = text.data();
        char const* const end = at + text.size();
        for (; end - at >= 8; at += 8) take(word_at(at));
        take(last_bytes(at, end, text.size()) | std::uint64_t{text.size()} << 56);
        v2_ ^= 0xff;
        for (int i = 0; i < Finalization; ++i) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    static std::uint64_t word_at(char const* at)
    {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        return word;
    }

    // Returns the bytes from at to end, fewer than eight, as the low bytes of a word. A text of
    // eight bytes or more is read up to its end in one load, and shifted; memcpy of a number of
    // bytes that the compiler does not know would be a call.
    static std::uint64_t last_bytes(char const* at, char const* end, std::size_t size)
    {
        auto const count = static_cast<unsigned>(end - at);
        if (count == 0) return 0;
        if (size >= 8) return word_at(end - 8) >> (64 - 8 * count);
        std::uint64_t word = 0;
        std::memcpy(&word, at, count);
        return word;
    }

    void take(std::uint64_t word)
    {
        v3_ ^= word;
        for (int i = 0; i < Compression; ++i) round();
        v0_ ^= word;
    }

    void round()
    {
        v0_ += v1_;
        v2_ += v3_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v1_;
        v0_ += v3_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_, v1_, v2_, v3_;
};

// The hash for a table whose keys strangers choose, with the key of the process. Looks strings up
// by view, without a copy (is_transparent).
struct seeded_hash {
    using is_transparent = void;
    using is_avalanching = void;  // for Boost's tables: all bits are as good as random

    std::size_t operator()(std::string_view text) const { return siphash<>{key}(text); }

    siphash_key key = process_siphash_key();
};

}  // namespace notify
