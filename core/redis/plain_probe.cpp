// SPDX-License-Identifier: MIT
#include "redis/plain_probe.hpp"

#include "base/spawn.hpp"

#include <boost/asio/write.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace notify::redis {

void plain_probe::begin(stream_address address, std::chrono::milliseconds patience,
                        std::function<void()> h)
{
    address_ = std::move(address);
    address_.how = stream_address::kind::plain;
    handler_ = std::move(h);
    timer_.expires_after(patience);
    timer_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (!ec && self->handler_) spawn(self->timer_.get_executor(), ask(self), "probe of Redis");
    });
}

void plain_probe::end()
{
    handler_ = nullptr;
    timer_.cancel();
    stream_.close();
}

// The inline form of PING works on every version of Redis. Any reply will do, an error too: a
// server that wants a password answers `-NOAUTH`. A TLS server answers with an alert or closes.
net::awaitable<void> plain_probe::ask(std::shared_ptr<plain_probe> self)
{
    constexpr std::chrono::seconds within{2};
    constexpr std::string_view question = "PING\r\n";
    std::array<char, 64> answer{};
    auto const connected = co_await self->stream_.connect(self->address_, within);
    if (!connected) co_return;
    auto const [unsent, sent] =
        co_await net::async_write(self->stream_, net::buffer(question), as_result);
    if (unsent) co_return;
    auto const [unread, n] = co_await self->stream_.async_read_some(net::buffer(answer), as_result);
    std::string_view const said{answer.data(), n};
    bool const is_redis = !unread && (said.starts_with('+') || said.starts_with('-'));
    if (auto const h = std::exchange(self->handler_, nullptr); h && is_redis) h();
}

}  // namespace notify::redis
