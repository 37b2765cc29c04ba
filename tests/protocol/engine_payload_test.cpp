// SPDX-License-Identifier: MIT
#include "protocol/engine_payload.hpp"

#include "support/catch.hpp"

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
strings read_all(std::string_view body, payload_form form = payload_form::separated)
{
    strings packets;
    for (payload_reader reader{body, form}; !reader.done();) {
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

TEST_CASE("text that is not UTF-8 is malformed, in each form", "[protocol][unit]")
{
    CHECK(read_all("4a\x1e"
                   "4\xff") == strings{"4a", "error"});
    CHECK(read_all("4\xed\xa0\x80") == strings{"error"});
    CHECK(read_all("2:4\xff", payload_form::counted) == strings{"error"});
    CHECK(read_all("\0\2\xff"
                   "4\xff"s,
                   payload_form::binary) == strings{"error"});
    CHECK(read_all("\1\2\xff"
                   "\4\xff"s,
                   payload_form::binary) == strings{"b\xff"});
}

TEST_CASE("a body of protocol 3 is malformed in protocol 4", "[protocol][unit]")
{
    CHECK(read_all("6:4hello2:4!") == strings{"6:4hello2:4!"});    // one noop, by chance
    CHECK(read_all("10:4hello you") == strings{"10:4hello you"});  // one close
    CHECK(read_all("7:4a") == strings{"error"});
}

TEST_CASE("frames are joined to a body that reads back the same", "[protocol][unit]")
{
    payload_writer writer{payload_form::separated};
    CHECK(writer.empty());
    writer.add(frame::text("40"));
    writer.add(frame::binary("\x01\x02\x03\x04"));
    writer.add("2");
    writer.add(frame::binary(""));
    CHECK_FALSE(writer.empty());
    auto const body = writer.take();
    CHECK(body == "40\x1e"
                  "bAQIDBA==\x1e"
                  "2\x1e"
                  "b");
    CHECK(read_all(body) == strings{"40", "b\x01\x02\x03\x04", "2", "b"});
}

TEST_CASE("every byte survives a polling body, in each form", "[protocol][unit]")
{
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    struct {
        payload_form form;
        dialect speaks;
    } const ways[] = {
        {payload_form::separated, {4}},
        {payload_form::separated, {4, true}},
        {payload_form::counted, {3, true}},
        {payload_form::binary, {3}},
    };
    for (auto const& way : ways) {
        CAPTURE(int(way.form), way.speaks.base64);
        payload_writer writer{way.form};
        writer.add("2");
        writer.add(in_dialect(frame::binary(all), way.speaks));
        writer.add(frame::text("4h\xc3\xa9\xf0\x9f\x8e\x89"));
        CHECK(read_all(writer.take(), way.form) ==
              strings{"2", "b" + all, "4h\xc3\xa9\xf0\x9f\x8e\x89"});
    }
}

// ---- protocol 3 ----

TEST_CASE("protocol 3 counts a packet's UTF-16 code units", "[protocol][unit]")
{
    auto const read = [](std::string_view body) { return read_all(body, payload_form::counted); };
    CHECK(read("6:4hello2:4!") == strings{"4hello", "4!"});
    CHECK(read("3:4h\xc3\xa9") == strings{"4h\xc3\xa9"});
    // One character of four bytes is two code units.
    CHECK(read("3:4\xf0\x9f\x8e\x89"
               "1:2") == strings{"4\xf0\x9f\x8e\x89", "2"});
    CHECK(read("10:b4AQIDBA==") == strings{"b\x01\x02\x03\x04"});

    payload_writer writer{payload_form::counted};
    writer.add("4\xf0\x9f\x8e\x89\xe2\x82\xac");
    writer.add("6");
    CHECK(writer.take() == "4:4\xf0\x9f\x8e\x89\xe2\x82\xac"
                           "1:6");
}

TEST_CASE("a body of protocol 3 that lies about its lengths is malformed", "[protocol][unit]")
{
    for (std::string_view const body : {
             "",
             "4",
             "4hello",
             ":4",
             "x:4",
             "-1:4",
             "+1:4",
             " 1:4",
             "1 :4",
             "0x1:4",
             "1e1:4",
             "2:4",
             "99999999999:4",
             "1234567890123456789012345678901234567890:4",
             "0:",
             "1:",
             "1:x",
             "1:7",
             "2:4\xf0\x9f\x8e\x89",  // half of a character
             "6:bAQIDB",
             "3:b4*",
         }) {
        CAPTURE(body);
        CHECK(read_all(body, payload_form::counted) == strings{"error"});
    }
    CHECK(read_all("1:2x", payload_form::counted) == strings{"2", "error"});
    CHECK(read_all("1:21", payload_form::counted) == strings{"2", "error"});
}

TEST_CASE("protocol 3 has a binary form, with lengths in bytes", "[protocol][unit]")
{
    auto const read = [](std::string_view body) { return read_all(body, payload_form::binary); };
    auto const body = "\0\x05\xff"
                      "4h\xc3\xa9!"
                      "\1\1\0\xff\4"
                      "123456789"s;
    CHECK(read(body) == strings{"4h\xc3\xa9!", "b123456789"});

    payload_writer writer{payload_form::binary};
    writer.add("4h\xc3\xa9!");
    writer.add(in_dialect(frame::binary("123456789"), {3}));
    CHECK(writer.take() == body);
}

TEST_CASE("a binary body of protocol 3 that lies is malformed", "[protocol][unit]")
{
    for (std::string const& body : {
             ""s,
             "\0"s,
             "\0\1"s,
             "\0\xff\4"s,
             "\xff"s,
             "\0\1\xff"s,
             "\0\2\xff\4"s,
             "\2\1\xff\4"s,
             "\x80\1\xff\4"s,
             "\0\x0a\xff"s + std::string(10, '4'),
             "\0"s + std::string(11, '\1') + "\xff"s,
             std::string(400, '\0'),
             "\1\1\xff\3"s,
             "\1\1\xff"s + "4",
             "\1\0\xff"s,
             "\0\0\xff"s,
         }) {
        CAPTURE(body);
        CHECK(read_all(body, payload_form::binary) == strings{"error"});
    }
}
