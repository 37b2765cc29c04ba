// SPDX-License-Identifier: MIT
#include "base/siphash.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdint>
#include <string>

using namespace notify;

namespace {

// The key and the texts of the paper: bytes 00 01 02 …
constexpr siphash_key paper_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};

std::string first_bytes(std::size_t n)
{
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += static_cast<char>(i);
    return text;
}

}  // namespace

TEST_CASE("with 2 and 4 rounds it is the SipHash of the paper", "[base][unit]")
{
    auto const hash = [](std::size_t n) { return siphash<2, 4>{paper_key}(first_bytes(n)); };
    CHECK(hash(0) == 0x726fdb47dd0e0e31);
    CHECK(hash(1) == 0x74f839c593dc67fd);
    CHECK(hash(8) == 0x93f5f5799a932462);
    CHECK(hash(15) == 0xa129ca6149be45e5);
    CHECK(hash(63) == 0x958a324ceb064572);
}

TEST_CASE("the length of a text counts, and each of its bytes", "[base][unit]")
{
    auto const hash = [](std::string const& text) { return siphash<>{paper_key}(text); };
    CHECK(hash("") != hash(std::string(1, '\0')));
    std::string const text = first_bytes(40);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string other = text;
        other[i] = static_cast<char>(other[i] ^ 1);
        CHECK(hash(other) != hash(text));
    }
}

TEST_CASE("another key gives other hashes, and the process has one of its own", "[base][unit]")
{
    siphash_key other = paper_key;
    other.high ^= 1;
    CHECK(siphash<>{paper_key}("text") != siphash<>{other}("text"));
    CHECK(&process_siphash_key() == &process_siphash_key());
    siphash_key const& ours = process_siphash_key();
    CHECK((ours.low != 0 || ours.high != 0));
    CHECK(seeded_hash{}("text") == siphash<>{ours}("text"));
}
