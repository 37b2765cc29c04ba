// SPDX-License-Identifier: MIT
#include "protocol/engine_payload.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace notify::eio;
using notify::frame;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

// The packets of a body: type digit and data, or `b` and bytes; "error" at the
// first that is malformed, which is the last.
strings read_all(std::string_view body)
{
    strings packets;
    for (payload_reader reader{body}; !reader.done();) {
        auto const p = reader.next();
        if (!p) {
            packets.emplace_back("error");
            break;
        }
        std::string const head{p->is_binary ? 'b' : static_cast<char>('0' + int(p->type))};
        packets.push_back(head + std::string{p->data});
    }
    return packets;
}

}  // namespace

TEST_CASE("a polling body is taken apart at its separators", "[protocol][unit]")
{
    CHECK(read_all("4hello") == strings{"4hello"});
    CHECK(read_all("4a\x1e"
                   "2\x1e"
                   "4b") == strings{"4a", "2", "4b"});
    CHECK(read_all("4\x1e"
                   "4") == strings{"4", "4"});
    CHECK(read_all("4h\xc3\xa9\xe2\x82\xac") == strings{"4h\xc3\xa9\xe2\x82\xac"});
}

TEST_CASE("binary messages stand in a body as base64", "[protocol][unit]")
{
    CHECK(read_all("4a\x1e"
                   "bAQIDBA==\x1e"
                   "4b") == strings{"4a", "b\x01\x02\x03\x04", "4b"});
    CHECK(read_all("b\x1e"
                   "bAA==") == strings{"b", "b\0"s});
}

TEST_CASE("packets before a malformed one are good, and nothing is after it", "[protocol][unit]")
{
    CHECK(read_all("4a\x1e"
                   "x\x1e"
                   "4b") == strings{"4a", "error"});
    CHECK(read_all("4a\x1e"
                   "b*\x1e"
                   "4b") == strings{"4a", "error"});
    CHECK(read_all("abc") == strings{"error"});
}

TEST_CASE("an empty packet is malformed, wherever it stands", "[protocol][unit]")
{
    CHECK(read_all("") == strings{"error"});
    CHECK(read_all("\x1e") == strings{"error"});
    CHECK(read_all("4a\x1e") == strings{"4a", "error"});
    CHECK(read_all("\x1e"
                   "4a") == strings{"error"});
    CHECK(read_all("4a\x1e\x1e"
                   "4b") == strings{"4a", "error"});
}

TEST_CASE("a body of protocol 3 is malformed in protocol 4", "[protocol][unit]")
{
    CHECK(read_all("6:4hello2:4!") == strings{"6:4hello2:4!"});    // one noop, by chance
    CHECK(read_all("10:4hello you") == strings{"10:4hello you"});  // one close
    CHECK(read_all("7:4a") == strings{"error"});
}

TEST_CASE("frames are joined to a body that reads back the same", "[protocol][unit]")
{
    std::string body;
    append_to_payload(body, frame::text("40"));
    CHECK(body == "40");
    append_to_payload(body, frame::binary("\x01\x02\x03\x04"));
    append_to_payload(body, frame::text("2"));
    append_to_payload(body, frame::binary(""));
    CHECK(body == "40\x1e"
                  "bAQIDBA==\x1e"
                  "2\x1e"
                  "b");
    CHECK(read_all(body) == strings{"40", "b\x01\x02\x03\x04", "2", "b"});
}

TEST_CASE("every byte survives a polling body", "[protocol][unit]")
{
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    std::string body;
    append_to_payload(body, frame::binary(all));
    append_to_payload(body, frame::text("4end"));
    CHECK(read_all(body) == strings{"b" + all, "4end"});
}
