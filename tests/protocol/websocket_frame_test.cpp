// SPDX-License-Identifier: MIT
#include "protocol/websocket_frame.hpp"

#include "support/catch.hpp"

#include <array>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace std::string_literals;
using notify::ws::event;
using notify::ws::frame_reader;
using notify::ws::opcode;
using notify::ws::role;
using kind = event::kind;

namespace {

// An event that outlives its input.
struct seen {
    kind what;
    int code;
    std::string payload;
    bool operator==(seen const&) const = default;
};

std::ostream& operator<<(std::ostream& out, seen const& s)
{
    return out << "{kind " << static_cast<int>(s.what) << ", code " << s.code << ", "
               << Catch::Detail::stringify(s.payload) << "}";
}

using seen_list = std::vector<seen>;

bool is_end(kind k) { return k == kind::close || k == kind::error; }

// One end of a connection: feed it bytes as they might arrive. Each piece lives in memory of
// its own that is gone afterwards, so that the address sanitizer sees whoever reads past it.
class wire_end {
public:
    explicit wire_end(role self = role::server, std::size_t max_message = 1'000'000)
        : self_{self}, max_message_{max_message}
    {
    }

    wire_end& feed(std::string_view bytes)
    {
        std::vector<char> piece(bytes.begin(), bytes.end());
        std::span<char> input{piece};
        while (!ended()) {
            event const e = reader_.next(input, self_, max_message_);
            if (e.what == kind::need_more) break;
            events_.push_back({e.what, e.code, std::string{e.payload}});
        }
        if (!ended()) CHECK(input.empty());
        return *this;
    }

    bool ended() const { return !events_.empty() && is_end(events_.back().what); }
    seen_list const& events() const { return events_; }

    // The code of the error that ended the connection; 0 if none did.
    int error() const { return ended() && last() == kind::error ? events_.back().code : 0; }

private:
    kind last() const { return events_.back().what; }

    role self_;
    std::size_t max_message_;
    frame_reader reader_;
    seen_list events_;
};

constexpr unsigned fin = 0x80;
constexpr unsigned masked = 0x80;
constexpr std::uint32_t rfc_key = 0x37fa213d;

std::string bytes(std::initializer_list<unsigned> values)
{
    std::string text;
    for (unsigned const v : values) text += static_cast<char>(v);
    return text;
}

// A frame as `from` sends it, with any first byte and the length in its shortest form.
std::string raw(role from, unsigned first, std::string_view payload)
{
    std::string frame;
    if (from == role::client) {
        notify::ws::append_masked_frame(frame, opcode::text, payload, rfc_key);
    } else {
        std::array<char, notify::ws::max_header_size> head;
        frame.append(head.data(), notify::ws::write_header(head, opcode::text, payload.size()));
        frame += payload;
    }
    frame[0] = static_cast<char>(first);
    return frame;
}

std::string raw(unsigned first, std::string_view payload)
{
    return raw(role::client, first, payload);
}

std::string text(std::string_view payload) { return raw(fin | 1, payload); }
std::string part(unsigned op, std::string_view payload = "") { return raw(op, payload); }
std::string ping(std::string_view payload = "") { return raw(fin | 9, payload); }
std::string close(std::string_view payload = "") { return raw(fin | 8, payload); }

std::string code_bytes(unsigned code) { return bytes({code >> 8, code & 0xff}); }

seen_list read(std::string_view input, role self = role::server)
{
    return wire_end{self}.feed(input).events();
}

int error_of(std::string_view input, std::size_t max_message = 1'000'000)
{
    return wire_end{role::server, max_message}.feed(input).error();
}

// Reads input in one piece, cut in two at every byte, and byte by byte; all must be the same.
void check_cuts(std::string const& input, role self, seen_list const& expected)
{
    CHECK(read(input, self) == expected);
    for (std::size_t cut = 1; cut < input.size(); ++cut) {
        wire_end end{self};
        end.feed(input.substr(0, cut)).feed(input.substr(cut));
        CAPTURE(cut);
        CHECK(end.events() == expected);
    }
    wire_end drip{self};
    for (char const c : input) drip.feed({&c, 1});
    CHECK(drip.events() == expected);
}

}  // namespace

TEST_CASE("the examples of RFC 6455 section 5.7 are read", "[protocol][unit]")
{
    auto const hello = seen{kind::text, 0, "Hello"};
    CHECK(read(bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), role::client) ==
          seen_list{hello});
    CHECK(read(bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})) ==
          seen_list{hello});
    CHECK(read(bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}), role::client) ==
          seen_list{hello});
    CHECK(read(bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), role::client) ==
          seen_list{{kind::ping, 0, "Hello"}});
    CHECK(read(bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})) ==
          seen_list{{kind::pong, 0, "Hello"}});
}

TEST_CASE("messages come out the same wherever their bytes are cut", "[protocol][unit]")
{
    std::string const medium(130, 'm');
    for (role const from : {role::client, role::server}) {
        std::string input;
        input += raw(from, fin | 1, "");
        input += raw(from, fin | 1, "h\u00e9llo");
        input += raw(from, 0x01, "one \xe2\x82");  // a euro sign in two fragments
        input += raw(from, fin | 9, "are you there?");
        input += raw(from, 0x00, "");
        input += raw(from, fin | 10, "");
        input += raw(from, 0x00, "\xac two ");
        input += raw(from, fin | 0, "three");
        input += raw(from, fin | 2, "\xff\x00\xfe"s);
        input += raw(from, 0x02, "\xff");
        input += raw(from, fin | 0, "");
        input += raw(from, fin | 1, medium);
        input += raw(from, fin | 8, code_bytes(1000) + "bye");
        check_cuts(input, from == role::client ? role::server : role::client,
                   {{kind::text, 0, ""},
                    {kind::text, 0, "h\u00e9llo"},
                    {kind::ping, 0, "are you there?"},
                    {kind::pong, 0, ""},
                    {kind::text, 0, "one \u20ac two three"},
                    {kind::binary, 0, "\xff\x00\xfe"s},
                    {kind::binary, 0, "\xff"},
                    {kind::text, 0, medium},
                    {kind::close, 1000, "bye"}});
    }
}

TEST_CASE("random messages cut at random come out the same", "[protocol][unit]")
{
    std::mt19937 random{6455};
    auto const below = [&random](std::size_t n) { return random() % n; };
    for (int round = 0; round < 60; ++round) {
        std::string input;
        seen_list expected;
        for (int message = 0; message < 10; ++message) {
            std::string whole;
            bool const binary = below(2) == 0;
            for (std::size_t fragments = 1 + below(4), i = 0; i < fragments; ++i) {
                std::string piece(below(below(8) == 0 ? 70'000 : 200), '\0');
                for (char& c : piece) c = static_cast<char>(below(binary ? 256 : 128));
                unsigned const first = i > 0 ? 0 : binary ? 2 : 1;
                input += raw(first | (i + 1 == fragments ? fin : 0), piece);
                whole += piece;
            }
            expected.push_back({binary ? kind::binary : kind::text, 0, whole});
        }
        wire_end end;
        for (std::size_t at = 0, n; at < input.size(); at += n) {
            n = std::min(input.size() - at, 1 + below(below(2) == 0 ? 20 : 50'000));
            end.feed(std::string_view{input}.substr(at, n));
        }
        REQUIRE((end.events() == expected));  // too long to be shown
    }
}

TEST_CASE("a message that is whole in the input is handed out in place", "[protocol][unit]")
{
    std::string input = text("first") + text("second");
    char* const begin = input.data();
    std::span<char> rest{input};
    frame_reader reader;
    CHECK(reader.next(rest, role::server, 100).payload.data() == begin + 6);
    CHECK(reader.next(rest, role::server, 100).payload.data() == begin + 6 + 5 + 6);
    CHECK(reader.next(rest, role::server, 100).what == kind::need_more);
    CHECK(rest.empty());
}

TEST_CASE("a cut header does not keep its frame from being handed out in place", "[protocol][unit]")
{
    std::string const frame = text("hello");
    std::string head = frame.substr(0, 4);
    std::string tail = frame.substr(4);
    frame_reader reader;
    std::span<char> input{head};
    CHECK(reader.next(input, role::server, 100).what == kind::need_more);
    input = tail;
    event const e = reader.next(input, role::server, 100);
    CHECK(e.payload == "hello");
    CHECK(e.payload.data() == tail.data() + 2);
}

TEST_CASE("an assembled message stays where it is until the next call", "[protocol][unit]")
{
    frame_reader reader;
    std::string head = part(0x01, "a message that needs an allocation, ");
    std::string tail = part(fin | 0, "or two") + ping("x");
    std::span<char> input{head};
    CHECK(reader.next(input, role::server, 100).what == kind::need_more);
    head.assign(head.size(), '#');
    input = tail;
    event const e = reader.next(input, role::server, 100);
    tail.replace(0, tail.size() - input.size(), tail.size() - input.size(), '#');
    CHECK(e.payload == "a message that needs an allocation, or two");
    CHECK(reader.next(input, role::server, 100).what == kind::ping);
}

TEST_CASE("a reader can be moved in the middle of a message", "[protocol][unit]")
{
    frame_reader from;
    std::string bytes_of_message = text("hello");
    std::span<char> input = std::span{bytes_of_message}.first(8);
    CHECK(from.next(input, role::server, 100).what == kind::need_more);
    frame_reader to{std::move(from)};
    input = std::span{bytes_of_message}.subspan(8);
    CHECK(to.next(input, role::server, 100).payload == "hello");
}

TEST_CASE("masks are undone at any length, with any key", "[protocol][unit]")
{
    for (std::uint32_t const key : {0u, 1u, 0xff00ff00u, 0x01020304u, 0xfffefdfcu}) {
        for (std::size_t length = 0; length < 40; ++length) {
            std::string plain;
            for (std::size_t i = 0; i < length; ++i) plain += static_cast<char>(7 * i + 200);
            std::string frame;
            notify::ws::append_masked_frame(frame, opcode::binary, plain, key);
            check_cuts(frame, role::server, {{kind::binary, 0, plain}});
        }
    }
}

TEST_CASE("headers and masked frames make the round trip at each size of a length",
          "[protocol][unit]")
{
    struct {
        std::size_t length;
        std::size_t header;
    } const sizes[] = {{0, 2}, {1, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}};
    for (auto const& size : sizes) {
        std::string const payload(size.length, 'p');
        CAPTURE(size.length);
        for (opcode const op : {opcode::text, opcode::binary}) {
            seen_list const expected{{op == opcode::text ? kind::text : kind::binary, 0, payload}};

            std::array<char, notify::ws::max_header_size> head;
            std::size_t const n = notify::ws::write_header(head, op, payload.size());
            CHECK(n == size.header);
            CHECK((read(std::string(head.data(), n) + payload, role::client) == expected));

            std::string frame = "kept:";
            notify::ws::append_masked_frame(frame, op, payload, 0x12345678);
            CHECK(frame.size() == 5 + size.header + 4 + payload.size());
            CHECK((read(frame.substr(5), role::server) == expected));
        }
    }
}

TEST_CASE("a masked frame is written as RFC 6455 shows it", "[protocol][unit]")
{
    std::string frame;
    notify::ws::append_masked_frame(frame, opcode::text, "Hello", rfc_key);
    CHECK(frame == bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST_CASE("reserved bits and opcodes break the protocol", "[protocol][unit]")
{
    for (unsigned const bit : {0x40u, 0x20u, 0x10u}) {
        CHECK(error_of(raw(fin | bit | 1, "x")) == 1002);
        CHECK(error_of(raw(fin | bit | 9, "")) == 1002);
    }
    for (unsigned const op : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u})
        CHECK(error_of(raw(fin | op, "")) == 1002);
}

TEST_CASE("a server reads masked frames only, a client unmasked ones only", "[protocol][unit]")
{
    CHECK(wire_end{role::server}.feed(raw(role::server, fin | 1, "x")).error() == 1002);
    CHECK(wire_end{role::client}.feed(raw(role::client, fin | 1, "x")).error() == 1002);
    CHECK(wire_end{role::server}.feed(raw(role::client, fin | 1, "x")).error() == 0);
    CHECK(wire_end{role::client}.feed(raw(role::server, fin | 1, "x")).error() == 0);
}

TEST_CASE("a wrong header is refused by its first two bytes", "[protocol][unit]")
{
    CHECK(error_of(bytes({fin | 3, masked})) == 1002);
    CHECK(error_of(bytes({fin | 1, 0})) == 1002);
    CHECK(error_of(bytes({9, masked})) == 1002);
    CHECK(error_of("GET / HTTP/1.1\r\n") == 1002);
}

TEST_CASE("control frames are whole and of at most 125 bytes", "[protocol][unit]")
{
    for (unsigned const op : {8u, 9u, 10u}) {
        CAPTURE(op);
        CHECK(error_of(raw(op, "")) == 1002);
        CHECK(error_of(raw(fin | op, code_bytes(1000) + std::string(124, 'x'))) == 1002);
        CHECK(error_of(raw(fin | op, code_bytes(1000) + std::string(123, 'x'))) == 0);
    }
}

TEST_CASE("fragments follow each other in order", "[protocol][unit]")
{
    SECTION("a continuation needs a start")
    {
        CHECK(error_of(part(0, "x")) == 1002);
        CHECK(error_of(part(fin | 0, "x")) == 1002);
        CHECK(error_of(text("whole") + part(fin | 0, "x")) == 1002);
        CHECK(error_of(part(1, "a") + part(fin | 0, "b") + part(fin | 0, "c")) == 1002);
    }
    SECTION("a message does not begin inside another")
    {
        CHECK(error_of(part(1, "a") + text("b")) == 1002);
        CHECK(error_of(part(1, "a") + part(2, "b")) == 1002);
        CHECK(error_of(part(2, "") + ping() + text("b")) == 1002);
    }
}

TEST_CASE("lengths are in their shortest form and below 2^63", "[protocol][unit]")
{
    std::string const key(4, '\0');
    auto const with_length = [&key](std::initializer_list<unsigned> length) {
        return bytes({fin | 2}) + bytes(length) + key;
    };
    CHECK(error_of(with_length({masked | 126, 0, 125})) == 1002);
    CHECK(error_of(with_length({masked | 126, 0, 126})) == 0);
    CHECK(error_of(with_length({masked | 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) == 1002);
    CHECK(error_of(with_length({masked | 127, 0, 0, 0, 0, 0, 1, 0, 0})) == 0);
    CHECK(error_of(with_length({masked | 127, 0x80, 0, 0, 0, 0, 0, 0, 0})) == 1002);
    CHECK(error_of(with_length({masked | 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})) ==
          1009);
}

TEST_CASE("a message may be as long as the limit and no longer", "[protocol][unit]")
{
    CHECK(error_of(text(std::string(300, 'x')), 300) == 0);
    CHECK(error_of(text(std::string(301, 'x')), 300) == 1009);
    CHECK(error_of(text(""), 0) == 0);

    std::string const start = part(1, std::string(200, 'x'));
    CHECK(error_of(start + part(fin | 0, std::string(100, 'x')), 300) == 0);
    CHECK(error_of(start + part(fin | 0, std::string(101, 'x')), 300) == 1009);
    CHECK(error_of(start + part(0, std::string(100, 'x')) + part(0, "x"), 300) == 1009);
    CHECK(error_of(start + part(fin | 0) + start + part(fin | 0), 300) == 0);
}

TEST_CASE("a message too long is refused by its header", "[protocol][unit]")
{
    CHECK(error_of(text(std::string(301, 'x')).substr(0, 8), 300) == 1009);
    CHECK(error_of(text(std::string(301, 'x')).substr(0, 7), 300) == 0);
}

TEST_CASE("control frames do not count towards the limit of messages", "[protocol][unit]")
{
    wire_end end{role::server, 10};
    end.feed(part(1, "12345") + ping(std::string(125, 'p')) + part(fin | 0, "67890"));
    CHECK(end.events() ==
          seen_list{{kind::ping, 0, std::string(125, 'p')}, {kind::text, 0, "1234567890"}});
}

TEST_CASE("fifty thousand empty fragments make one message", "[protocol][unit]")
{
    std::string input = part(1);
    for (int i = 0; i < 50'000; ++i) input += part(0);
    input += part(fin | 0, "end");
    CHECK(read(input) == seen_list{{kind::text, 0, "end"}});
}

TEST_CASE("a text that is not UTF-8 is refused", "[protocol][unit]")
{
    CHECK(error_of(text("\xff")) == 1007);
    CHECK(error_of(text("\xc0\xaf")) == 1007);          // an overlong slash
    CHECK(error_of(text("\xed\xa0\x80")) == 1007);      // a surrogate
    CHECK(error_of(text("\xf4\x90\x80\x80")) == 1007);  // above U+10FFFF
    CHECK(error_of(text("\xe2\x82")) == 1007);          // cut
    CHECK(error_of(part(1, "\xe2") + part(fin | 0, "\x82")) == 1007);
    CHECK(error_of(part(1, "\xe2") + part(fin | 0, "")) == 1007);
    CHECK(error_of(raw(fin | 2, "\xff")) == 0);  // binary may hold anything
    CHECK(error_of(part(2, "\xff") + part(fin | 0, "\xff")) == 0);
}

TEST_CASE("a text that is not UTF-8 is refused as early as its bytes show it", "[protocol][unit]")
{
    // Autobahn 6.4: the message has not ended, nor has the frame.
    std::string const kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
    SECTION("in a later fragment")
    {
        wire_end end;
        CHECK(end.feed(part(1, kosme)).error() == 0);
        CHECK(end.feed(part(0, "\xf4")).error() == 0);
        CHECK(end.feed(part(0, "\x90")).error() == 1007);
    }
    SECTION("inside a frame that is not complete")
    {
        std::string const frame = text(kosme + "\xf4\x90" + std::string(1000, 'x'));
        wire_end end;
        std::size_t const lead = 8 + kosme.size() + 1;
        CHECK(end.feed(frame.substr(0, lead)).error() == 0);
        CHECK(end.feed(frame.substr(lead, 1)).error() == 1007);
    }
}

TEST_CASE("characters may be cut by fragments and by control frames", "[protocol][unit]")
{
    std::string const face = "\xf0\x9f\x99\x82";
    std::string input = part(1);
    for (char const c : face) input += part(0, {&c, 1}) + ping(face);
    input += part(fin | 0);
    seen const pinged{kind::ping, 0, face};
    check_cuts(input, role::server, {pinged, pinged, pinged, pinged, {kind::text, 0, face}});
}

TEST_CASE("each message is checked from its own beginning", "[protocol][unit]")
{
    CHECK(error_of(part(1, "\xe2") + part(fin | 0, "\x82\xac") + text("\xe2\x82\xac")) == 0);
    CHECK(error_of(part(2, "\xe2") + part(fin | 0, "") + text("\x82\xac")) == 1007);
}

TEST_CASE("a close frame tells its code and reason", "[protocol][unit]")
{
    CHECK(read(close()) == seen_list{{kind::close, 1005, ""}});
    check_cuts(close(code_bytes(1001) + "gone \u2026"), role::server,
               {{kind::close, 1001, "gone \u2026"}});
}

TEST_CASE("a close frame has no code or one that belongs on the wire", "[protocol][unit]")
{
    CHECK(error_of(close("\x03")) == 1002);
    for (unsigned const code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u,
                                1012u, 1013u, 1014u, 3000u, 3999u, 4000u, 4999u}) {
        CAPTURE(code);
        CHECK(read(close(code_bytes(code))) ==
              seen_list{{kind::close, static_cast<int>(code), ""}});
    }
    for (unsigned const code :
         {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u}) {
        CAPTURE(code);
        CHECK(error_of(close(code_bytes(code))) == 1002);
    }
}

TEST_CASE("the reason of a close frame is UTF-8", "[protocol][unit]")
{
    CHECK(error_of(close(code_bytes(1000) + "\xce")) == 1007);
    CHECK(error_of(close(code_bytes(1000) + "\xce\xba\xed\xa0\x80")) == 1007);
}

TEST_CASE("a close frame may stand inside a message", "[protocol][unit]")
{
    CHECK(read(part(1, "never to end") + close(code_bytes(1000))) ==
          seen_list{{kind::close, 1000, ""}});
}

TEST_CASE("what precedes an error is still handed out", "[protocol][unit]")
{
    std::string const good = part(1, "go") + ping("p") + part(fin | 0, "od");
    seen const pinged{kind::ping, 0, "p"};
    seen const message{kind::text, 0, "good"};
    check_cuts(good + raw(fin | 3, ""), role::server,
               {pinged, message, {kind::error, 1002, "reserved opcode"}});
    check_cuts(good + part(0, "more"), role::server,
               {pinged, message, {kind::error, 1002, "continuation of nothing"}});
    check_cuts(good + text("\xe2\x82"), role::server,
               {pinged, message, {kind::error, 1007, "text is not UTF-8"}});
    check_cuts(good + close(code_bytes(1005)), role::server,
               {pinged, message, {kind::error, 1002, "close code not for the wire"}});
}

TEST_CASE("a server's frames are whole and unmasked", "[protocol][unit]")
{
    std::string out = "before";
    notify::ws::append_frame(out, opcode::pong, "beat");
    CHECK(out == "before\x8a\x04"
                 "beat");
}

TEST_CASE("a close frame is written with its code and reason", "[protocol][unit]")
{
    auto const written = [](std::uint16_t code, std::string_view reason) {
        std::string out;
        notify::ws::append_close(out, code, reason);
        return out;
    };
    CHECK(written(1000, "") == "\x88\x02\x03\xe8");
    CHECK(written(4999, "enough") == "\x88\x08\x13\x87"
                                     "enough");
    CHECK(written(1001, std::string(123, 'x')).size() == 127);
}
