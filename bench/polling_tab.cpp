// SPDX-License-Identifier: MIT
#include "polling_tab.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace notify::bench {

namespace {

constexpr char separator = '\x1e';  // between packets (Engine.IO 4)

// Where the body of a whole answer begins and ends, or nothing if more must come.
// Servers differ in how they write the name of this field.
struct extent {
    std::size_t begin;
    std::size_t end;
};

std::optional<extent> body_of(std::string_view answer)
{
    auto const end = answer.find("\r\n\r\n");
    if (end == answer.npos) return {};
    std::string_view const head = answer.substr(0, end + 2);
    for (std::string_view const name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
        auto const at = head.find(name);
        if (at == head.npos) continue;
        std::size_t size = 0;
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
        if (answer.size() < end + 4 + size) return {};
        return extent{end + 4, end + 4 + size};
    }
    return extent{end + 4, answer.size()};
}

}  // namespace

void polling_tab::on_connected()
{
    sid_ = {};
    to_say_ = {};
    answer_ = {};
    ask();
}

// The next request: what there is to say, or a wait for what is to be heard.
void polling_tab::ask()
{
    posting_ = !to_say_.empty();
    std::string const sid = sid_.empty() ? "" : "&sid=" + sid_;
    std::string const body = std::exchange(to_say_, {});
    std::string const size = posting_ ? fmt::format("Content-Length: {}\r\nContent-Type: "
                                                    "text/plain;charset=UTF-8\r\n",
                                                    body.size())
                                      : "";
    send_bytes(fmt::format("{} /socket.io/?EIO=4&transport=polling{} HTTP/1.1\r\n"
                           "Host: 127.0.0.1\r\n{}{}\r\n{}",
                           posting_ ? "POST" : "GET", sid, cookie_header(), size, body));
}

void polling_tab::on_bytes(std::span<char> bytes)
{
    answer_.append(bytes.data(), bytes.size());
    auto const body = body_of(answer_);
    if (!body) return;
    std::string const whole = std::exchange(answer_, {});
    if (!whole.starts_with("HTTP/1.1 200 "))
        return fail("not served: " + whole.substr(0, whole.find('\r')));
    take_answer(std::string_view{whole}.substr(body->begin, body->end - body->begin));
    if (open()) ask();
}

void polling_tab::take_answer(std::string_view body)
{
    if (posting_) return;  // it says ok
    while (open() && !body.empty()) {
        auto const end = std::min(body.find(separator), body.size());
        std::string_view const packet = body.substr(0, end);
        if (constexpr std::string_view open = R"(0{"sid":")"; packet.starts_with(open))
            sid_ = packet.substr(open.size(), packet.find('"', open.size()) - open.size());
        take(packet);
        body.remove_prefix(std::min(end + 1, body.size()));
    }
}

void polling_tab::send(std::string_view packet)
{
    if (!to_say_.empty()) to_say_ += separator;
    to_say_ += packet;
}

}  // namespace notify::bench
