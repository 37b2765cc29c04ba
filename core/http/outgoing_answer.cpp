// SPDX-License-Identifier: MIT
#include "http/outgoing_answer.hpp"

#include "base/give_back.hpp"

#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <cerrno>

namespace notify {

namespace {

// Returns the bytes of an answer: status line, headers, and the body if it has one. Not by Beast's
// serializer, which is for bodies that come piece by piece; for one that is there it costs ten
// times as much.
std::string bytes_of(http_response const& r)
{
    std::string bytes =
        fmt::format("HTTP/1.1 {} {}\r\n", r.result_int(), std::string_view{r.reason()});
    for (auto const& field : r) {
        bytes += field.name_string();
        bytes += ": ";
        bytes += field.value();
        bytes += "\r\n";
    }
    bytes += "\r\n";
    bytes += r.body();
    return bytes;
}

}  // namespace

void outgoing_answer::begin(late_socket& socket, http_response const& response)
{
    unsent_ = bytes_of(response);
    send_more(socket);
}

// Behind other bytes it only waits: the kernel has just refused those.
void outgoing_answer::append(late_socket& socket, std::string_view bytes)
{
    bool const may_fit = is_sent();
    unsent_ += bytes;
    if (may_fit) send_more(socket);
}

// When all is sent, the memory of an answer goes back: its connection may rest for a long time.
bool outgoing_answer::send_more(late_socket& socket)
{
    ssize_t const n = socket.try_send(net::buffer(unsent_));
    if (n == static_cast<ssize_t>(unsent_.size()))
        give_back(unsent_);
    else if (n > 0)
        unsent_.erase(0, static_cast<std::size_t>(n));
    return n >= 0 || errno == EAGAIN || errno == EINTR;
}

net::awaitable<error_code> outgoing_answer::finish(late_socket& socket)
{
    auto const [ec, n] =
        co_await net::async_write(socket.awaited(), net::buffer(unsent_), as_result);
    give_back(unsent_);
    co_return ec;
}

}  // namespace notify
