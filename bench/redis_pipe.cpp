// SPDX-License-Identifier: MIT
#include "redis_pipe.hpp"

#include "base/quoted.hpp"
#include "loopback.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

namespace notify::bench {

redis_pipe::redis_pipe(poller& loop, stream_address const& at)
    : loop_{loop}, socket_{connect_now(at)}, scratch_(256 * 1024)
{
    loop_.add(socket_.get(), EPOLLIN, *this);
}

redis_pipe::~redis_pipe() { loop_.remove(socket_.get(), *this); }

void redis_pipe::send(std::initializer_list<std::string_view> args)
{
    redis::append_command(out_.bytes(), args);
    ++due_;
}

void redis_pipe::finish(poller::milliseconds within)
{
    flush();
    if (!loop_.run([this] { return due_ == 0; }, within))
        throw std::runtime_error{fmt::format("{} replies of Redis are missing", due_)};
}

void redis_pipe::on_ready(std::uint32_t events)
{
    if (events & EPOLLOUT) out_.flush();
    if (events & ~static_cast<std::uint32_t>(EPOLLOUT)) read();
}

void redis_pipe::read()
{
    ssize_t const n = ::recv(socket_.get(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) throw std::runtime_error{"lost Redis: it has closed the connection"};
    reader_.feed({scratch_.data(), static_cast<std::size_t>(n)});
    while (auto const reply = reader_.next().value()) {
        --due_;
        if (reply->is_error())
            throw std::runtime_error{"Redis refused: " + in_quotes(reply->text(), 200)};
        if (on_reply_) on_reply_(*reply);
    }
}

}  // namespace notify::bench
