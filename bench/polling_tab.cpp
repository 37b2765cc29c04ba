// SPDX-License-Identifier: MIT
#include "polling_tab.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace notify::bench {

namespace {

constexpr char separator = '\x1e';  // between packets (Engine.IO 4)

// Returns the body of an answer, or nothing if it is not complete. Servers differ in the case of
// the letters in Content-Length.
std::optional<std::string_view> body_of(std::string_view answer)
{
    auto const end = answer.find("\r\n\r\n");
    if (end == answer.npos) return {};
    constexpr std::string_view name = "ontent-Length: ";
    auto at = answer.find(name);
    if (at == answer.npos) at = answer.find("ontent-length: ");
    std::size_t size = 0;
    if (at < end) std::from_chars(answer.data() + at + name.size(), answer.data() + end, size);
    if (answer.size() < end + 4 + size) return {};
    return answer.substr(end + 4, size);
}

}  // namespace

void polling_tab::on_connected()
{
    sid_ = {};
    to_say_ = {};
    answer_ = {};
    ask();
}

// Sends the next request: a POST if there are packets to send, otherwise a GET that waits.
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
                           "Host: 127.0.0.1\r\n{}\r\n{}",
                           posting_ ? "POST" : "GET", sid, size, body));
}

void polling_tab::on_bytes(std::span<char> bytes)
{
    answer_.append(bytes.data(), bytes.size());
    auto const body = body_of(answer_);
    if (!body) return;
    if (!answer_.starts_with("HTTP/1.1 200 "))
        return fail("not served: " + answer_.substr(0, answer_.find('\r')));
    if (!posting_) take_payload(*body);  // a POST is answered with ok
    answer_.clear();
    if (open()) ask();
}

void polling_tab::take_payload(std::string_view packets)
{
    while (open() && !packets.empty()) {
        auto const end = std::min(packets.find(separator), packets.size());
        std::string_view const packet = packets.substr(0, end);
        if (constexpr std::string_view start = R"(0{"sid":")"; packet.starts_with(start))
            sid_ = packet.substr(start.size(), packet.find('"', start.size()) - start.size());
        take(packet);
        packets.remove_prefix(std::min(end + 1, packets.size()));
    }
}

void polling_tab::send(std::string_view packet)
{
    if (!to_say_.empty()) to_say_ += separator;
    to_say_ += packet;
}

}  // namespace notify::bench
