// SPDX-License-Identifier: MIT
#include "base/signature.hpp"

#include "support/catch.hpp"

#include <string>

using notify::is_signature_of;
using notify::secret_key;
using notify::signature_of;

// echo -n 'what is signed' | openssl dgst -sha256 -mac HMAC -macopt hexkey:<SHA-256 of "secret">
TEST_CASE("a signature is what another program computes with the same key", "[base][unit]")
{
    CHECK(signature_of("what is signed", secret_key{"secret"}) ==
          "FdOGuUlMhwk648by47snMDG_AkHJAWWuz6sjoiTm9E8");
}

TEST_CASE("a signature is good for its text and its key alone", "[base][unit]")
{
    secret_key const key{std::string(32, 'k')};
    std::string const signature = signature_of("text", key);
    CHECK(signature.size() == notify::signature_size);
    CHECK(is_signature_of("text", signature, key));
    CHECK_FALSE(is_signature_of("Text", signature, key));
    CHECK_FALSE(is_signature_of("text ", signature, key));
    CHECK_FALSE(is_signature_of("", signature, key));
    CHECK_FALSE(is_signature_of("text", signature, secret_key{std::string(31, 'k')}));
    CHECK_FALSE(is_signature_of("text", signature, secret_key{""}));
}

TEST_CASE("nothing that is near a signature is one", "[base][unit]")
{
    secret_key const key{"any secret"};
    std::string const signature = signature_of("text", key);
    for (std::size_t i = 0; i < signature.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string forged = signature;
            forged[i] = static_cast<char>(forged[i] ^ (1 << bit));
            CHECK_FALSE(is_signature_of("text", forged, key));
        }
    for (std::size_t cut = 0; cut < signature.size(); ++cut)
        CHECK_FALSE(is_signature_of("text", signature.substr(0, cut), key));
    CHECK_FALSE(is_signature_of("text", signature + "A", key));
    CHECK_FALSE(is_signature_of("text", signature + "=", key));
    CHECK_FALSE(is_signature_of("text", std::string(43, '\0'), key));
    CHECK_FALSE(is_signature_of("text", std::string(4'000'000, 'A'), key));
}

TEST_CASE("a secret may hold any bytes, and all of them count", "[base][unit]")
{
    using namespace std::string_literals;
    CHECK(secret_key{"a\0b"s} == secret_key{"a\0b"s});
    CHECK_FALSE(secret_key{"a\0b"s} == secret_key{"a\0c"s});
    CHECK_FALSE(secret_key{std::string(100'000, 'x')} == secret_key{std::string(100'001, 'x')});
}
