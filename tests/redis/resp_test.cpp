// SPDX-License-Identifier: MIT
#include "redis/resp.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::redis;
using namespace std::string_literals;

namespace {

// One reply written down: "[message,ch,hey]", 7, nil, -ERR…, "" around nothing.
std::string written(reply_view v)
{
    switch (v.type()) {
    case reply_type::integer: return std::to_string(v.integer());
    case reply_type::nil: return "nil";
    case reply_type::error: return fmt::format("-{}", v.text());
    case reply_type::status: return fmt::format("+{}", v.text());
    case reply_type::string: return fmt::format("'{}'", v.text());
    case reply_type::array: break;
    }
    std::string out = "[";
    for (auto const element : v) out += (out.size() > 1 ? "," : "") + written(element);
    return out + "]";
}

// All that can be read from bytes, fed so many at a time; at last "error: …" if any.
std::vector<std::string> read_all(std::string_view bytes, std::size_t step = 1 << 20,
                                  std::size_t limit = reply_reader::default_limit)
{
    reply_reader reader{limit};
    std::vector<std::string> all;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
        reader.feed(bytes.substr(0, step));
        for (;;) {
            auto const r = reader.next();
            if (!r) {
                all.push_back("error: " + r.error().message);
                return all;
            }
            if (!*r) break;
            all.push_back(written(**r));
        }
    }
    return all;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a command is an array of bulk strings", "[redis][unit]")
{
    std::string out = "before";
    append_command(out, {"PUBLISH", "ch", "a\r\nb\0c"s, ""});
    CHECK(out == "before*4\r\n$7\r\nPUBLISH\r\n$2\r\nch\r\n$6\r\na\r\nb\0c\r\n$0\r\n\r\n"s);
}

TEST_CASE("each kind of reply is read, cut at any byte", "[redis][unit]")
{
    auto const step = GENERATE(1u, 2u, 3u, 7u, 1000u);
    CHECK(read_all("+OK\r\n-ERR no\r\n:-12\r\n$5\r\na\r\nb\0\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
                   "*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$3\r\nhey\r\n"
                   "*2\r\n*2\r\n:1\r\n*1\r\n+x\r\n*1\r\n:9\r\n"s,
                   step) == lines{"+OK", "-ERR no", "-12", "'a\r\nb\0'"s, "''", "nil", "nil", "[]",
                                  "['message','ch','hey']", "[[1,[+x]],[9]]"});
}

TEST_CASE("elements are found by index, behind nested ones too", "[redis][unit]")
{
    reply_reader reader;
    reader.feed("*4\r\n*2\r\n:1\r\n*1\r\n:2\r\n*0\r\n$1\r\na\r\n:7\r\n");
    auto const v = **reader.next();
    REQUIRE(v.size() == 4);
    CHECK(v[0][1][0].integer() == 2);
    CHECK(v[1].size() == 0);
    CHECK(v[2].text() == "a");
    CHECK(v[3].integer() == 7);
    CHECK(v[3].text().empty());
    CHECK(v[2].integer() == 0);
}

TEST_CASE("a reply of one's own outlives the reader's next", "[redis][unit]")
{
    reply_reader reader;
    reader.feed("*2\r\n$3\r\nold\r\n*2\r\n$5\r\ninner\r\n:5\r\n+new\r\n");
    auto const v = **reader.next();
    reply const whole{v};
    reply const part{v[1]};
    CHECK(written(**reader.next()) == "+new");
    CHECK(written(whole.view()) == "['old',['inner',5]]");
    CHECK(written(part.view()) == "['inner',5]");
}

TEST_CASE("what is not the Redis protocol is an error and stays one", "[redis][unit]")
{
    auto const bytes =
        GENERATE(as<std::string>{}, "HTTP/1.1 400 Bad Request\r\n", "\r\n", "\0"s, "*x\r\n",
                 "$x\r\n", ":x\r\n", ":\r\n", "$-2\r\n", "*-2\r\n", "*99999999999999999999\r\n",
                 "$99999999999999999999\r\n", "*4294967296\r\n", "*2147483647\r\n", "*1048577\r\n",
                 ":99999999999999999999\r\n", "*1\r\n?\r\n", "%1\r\n+a\r\n+b\r\n", "~1\r\n+a\r\n",
                 ">1\r\n+a\r\n", ",1.5\r\n", "_\r\n", "#t\r\n", "(123\r\n", "=7\r\ntxt:Hey\r\n",
                 "|1\r\n+a\r\n+b\r\n", "*1\r\n%0\r\n", "*1\r\n_\r\n");
    CAPTURE(bytes);
    auto const read = read_all(bytes + "$3\r\nabc\r\n");
    REQUIRE_FALSE(read.empty());
    CHECK(read.back().starts_with("error: "));
    CHECK(read.size() == 1);

    reply_reader reader;
    reader.feed(bytes);
    CHECK_FALSE(reader.next().has_value());
    reader.feed("+OK\r\n");
    CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("a bulk string that is not ended as announced does not upset the reader", "[redis][unit]")
{
    // hiredis skips the two bytes after the text without looking at them
    CHECK(read_all("$3\r\nabcXX+OK\r\n").back() == "+OK");
}

TEST_CASE("a reply of eight levels is read, and a ninth refused", "[redis][unit]")
{
    auto const nested = [](int arrays, std::string inner) {
        for (int i = 0; i < arrays; ++i) inner = "*1\r\n" + inner;
        return inner;
    };
    auto const eight = GENERATE(as<std::string>{}, ":1\r\n", "$1\r\nx\r\n", "*0\r\n", "$-1\r\n");
    CAPTURE(eight);
    auto const step = GENERATE(1u, 1000u);
    CHECK(read_all(nested(7, eight), step).front().starts_with("[[[[[[["));
    CHECK(read_all(nested(8, eight) + "+OK\r\n", step) ==
          lines{"error: a reply was refused: it is nested deeper than 8 levels"});
    CHECK(read_all(nested(20'000, eight), step).size() == 1);
    CHECK(read_all("*2\r\n" + nested(6, eight) + nested(7, eight), step) ==
          lines{"error: a reply was refused: it is nested deeper than 8 levels"});
}

TEST_CASE("an unfinished reply is bounded, however it grows", "[redis][unit]")
{
    std::size_t const limit = 1 << 20;
    for (auto const* size : {"$500000000\r\n", "$9223372036854775807\r\n"})
        CHECK(read_all(size + std::string(3 << 20, 'x'), 1 << 18, limit) ==
              lines{"error: a reply is larger than 1048576 bytes"});

    std::string many = "*1000000\r\n";
    for (int i = 0; i < 400000; ++i) many += ":1\r\n";
    CHECK(read_all(many, 1 << 18, limit) == lines{"error: a reply is larger than 1048576 bytes"});

    CHECK(read_all("+" + std::string(1 << 20, 'x'), 1 << 18, 64 << 20) ==
          lines{"error: a line is longer than 65536 bytes"});
}

TEST_CASE("a reply has at most a million elements", "[redis][unit]")
{
    std::string many = "*2\r\n";
    for (int i = 0; i < 2; ++i) {
        many += "*600000\r\n";
        for (int k = 0; k < 600000; ++k) many += "+\r\n";
    }
    CHECK(read_all(many) == lines{"error: a reply was refused: it has more than 1048576 elements"});
}

TEST_CASE("a message of a mebibyte is read whole", "[redis][unit]")
{
    std::string const text(1 << 20, 'm');
    reply_reader reader;
    auto const bytes =
        fmt::format("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n${}\r\n{}\r\n:1\r\n", text.size(), text);
    reader.feed(bytes);
    CHECK((**reader.next())[2].text() == text);
    CHECK((**reader.next()).integer() == 1);
    CHECK_FALSE((*reader.next()).has_value());
}

TEST_CASE("random bytes and spoiled replies never crash the reader", "[redis][unit]")
{
    std::string const good = "*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$3\r\nhey\r\n*2\r\n:1\r\n$-1\r\n";
    std::srand(1);
    std::size_t read = 0;
    for (int round = 0; round < 20000; ++round) {
        auto bytes = good;
        for (int i = std::rand() % 4; i >= 0; --i)
            bytes[static_cast<std::size_t>(std::rand()) % bytes.size()] =
                "*$:+-\r\n0123456789\xff"[std::rand() % 18];
        read += read_all(bytes, 1 + static_cast<std::size_t>(std::rand()) % 40).size();
    }
    CHECK(read > 0);
}
