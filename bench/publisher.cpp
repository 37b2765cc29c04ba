// SPDX-License-Identifier: MIT
#include "publisher.hpp"

#include "contract/channel_name.hpp"
#include "loopback.hpp"
#include "redis/log_scripts.hpp"
#include "stamp.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace notify::bench {

namespace {

std::string channel_name(std::string const& user)
{
    return channel_of(parse_user_id(user).value());
}

// A command of Redis, whose last word is followed by `left` more bytes.
std::string command(std::initializer_list<std::string_view> words, std::size_t left)
{
    std::string bytes = fmt::format("*{}\r\n", words.size());
    for (std::string_view const& word : words) {
        bool const is_last = &word == words.end() - 1;
        bytes += fmt::format("${}\r\n{}", word.size() + (is_last ? left : 0), word);
        if (!is_last) bytes += "\r\n";
    }
    return bytes;
}

constexpr std::string_view script_end = R"("})";
constexpr std::string_view stream_end = R"("}]}})";

std::string script_command(std::string const& user)
{
    return command(
        {"EVALSHA", redis::send_script().sha1(), "1", channel_name(user), R"({"message":")"},
        stamp::size + script_end.size());
}

// As @socket.io/redis-streams-adapter writes what a server broadcasts to a room.
std::string stream_command(std::string const& user)
{
    constexpr std::string_view ns = "/io/user/notifications";
    std::string const data =
        fmt::format(R"({{"opts":{{"rooms":["{}"],"except":[],"flags":{{}}}},)"
                    R"("packet":{{"type":2,"nsp":"{}","data":["notification",{{"message":")",
                    channel_name(user), ns);
    return command({"XADD", "socket.io", "MAXLEN", "~", "1000000", "*", "uid", "bench", "nsp", ns,
                    "type", "3", "data", data},
                   stamp::size + stream_end.size());
}

std::string publish_command(std::string const& user)
{
    return command({"PUBLISH", channel_name(user), ""}, stamp::size);
}

std::string post_request(std::string const& user)
{
    return fmt::format("POST /pub?id={} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
                       user, stamp::size);
}

// The bytes before a stamp, and those after it.
std::string head_of(sending how, std::string const& user)
{
    switch (how) {
    case sending::post: return post_request(user);
    case sending::script: return script_command(user);
    case sending::stream: return stream_command(user);
    case sending::publish: break;
    }
    return publish_command(user);
}

std::string tail_of(sending how)
{
    switch (how) {
    case sending::post: return "";
    case sending::script: return fmt::format("{}\r\n", script_end);
    case sending::stream: return fmt::format("{}\r\n", stream_end);
    case sending::publish: break;
    }
    return "\r\n";
}

}  // namespace

publisher::publisher(poller& loop, testbed const& bed, scenario const& s)
    : loop_{loop},
      socket_{s.by == carrier::nchan ? connect_to(bed.server()) : connect_to(bed.redis())},
      first_user_{s.first_user},
      tail_{tail_of(s.how)}
{
    for (std::size_t n = 0; n < s.users; ++n)
        heads_.push_back(head_of(s.how, user_name(first_user_ + n)));
    if (s.how == sending::script)
        out_ = command({"SCRIPT", "LOAD", redis::send_script().text()}, 0) + "\r\n";
    loop_.add(socket_.get(), EPOLLIN, *this);
}

void publisher::publish(std::size_t n)
{
    std::uint64_t const now = nanoseconds_now();
    for (; n > 0; --n, ++published_) {
        std::size_t const user = published_ % heads_.size();
        out_ += heads_[user];
        stamp{static_cast<std::uint32_t>(first_user_ + user),
              static_cast<std::uint32_t>(published_ / heads_.size()), now}
            .append_to(out_);
        out_ += tail_;
    }
    flush();
}

void publisher::on_ready(std::uint32_t events)
{
    if (events & EPOLLOUT) flush();
    ssize_t const n = ::recv(socket_.get(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (n == 0) throw std::runtime_error{"the server takes no more messages"};
}

void publisher::flush()
{
    while (sent_ < out_.size()) {
        ssize_t const n = ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            throw std::runtime_error{fmt::format("cannot publish: {}", std::strerror(errno))};
        if (n < 0) break;
        sent_ += static_cast<std::size_t>(n);
    }
    bool const all = sent_ == out_.size();
    if (all) {
        out_.clear();
        sent_ = 0;
    }
    if (std::exchange(writable_watched_, !all) == all)
        loop_.change(socket_.get(), all ? EPOLLIN : EPOLLIN | EPOLLOUT, *this);
}

}  // namespace notify::bench
