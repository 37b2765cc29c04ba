// SPDX-License-Identifier: MIT
#include "protocol/engine_dialect.hpp"

#include "support/catch.hpp"

using namespace notify;
using eio::dialect;
using eio::in_dialect;
using namespace std::string_view_literals;

TEST_CASE("text is the same in each dialect, and not even copied", "[protocol][unit]")
{
    auto const f = frame::text("42[1]");
    for (auto const d : {dialect{4}, dialect{4, true}, dialect{3}, dialect{3, true}})
        CHECK(in_dialect(f, d).packet().data() == f.packet().data());
}

TEST_CASE("a binary message is as the client takes it", "[protocol][unit]")
{
    auto const f = frame::binary("\0\1\2\xff"sv);
    CHECK(in_dialect(f, {4}).packet().data() == f.packet().data());
    CHECK(in_dialect(f, {3}).packet() == "\4\0\1\2\xff"sv);
    CHECK(in_dialect(f, {3}).is_binary());
    CHECK(in_dialect(f, {4, true}).packet() == "bAAEC/w==");
    CHECK_FALSE(in_dialect(f, {4, true}).is_binary());
    CHECK(in_dialect(f, {3, true}).packet() == "b4AAEC/w==");
    CHECK_FALSE(in_dialect(f, {3, true}).is_binary());
}
