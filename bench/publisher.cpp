// SPDX-License-Identifier: MIT
#include "publisher.hpp"

#include "contract/channel_name.hpp"
#include "loopback.hpp"
#include "stamp.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace notify::bench {

namespace {

std::string publish_command(std::string const& user)
{
    std::string const channel = channel_of(parse_user_id(user).value());
    return fmt::format("*3\r\n$7\r\nPUBLISH\r\n${}\r\n{}\r\n${}\r\n", channel.size(), channel,
                       stamp::size);
}

std::string post_request(std::string const& user)
{
    return fmt::format("POST /pub?id={} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
                       user, stamp::size);
}

}  // namespace

publisher::publisher(poller& loop, testbed const& bed, scenario const& s)
    : loop_{loop},
      socket_{s.by == carrier::nchan ? connect_to(bed.server()) : connect_to(bed.redis())},
      first_user_{s.first_user},
      tail_{s.by == carrier::nchan ? "" : "\r\n"}
{
    auto* const head = s.by == carrier::nchan ? post_request : publish_command;
    for (std::size_t n = 0; n < s.users; ++n) heads_.push_back(head(user_name(first_user_ + n)));
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
