// SPDX-License-Identifier: MIT
#include "http/listener.hpp"

#include "base/spawn.hpp"
#include "http/http_connection.hpp"
#include "http/http_refusal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <sys/socket.h>

namespace notify {

namespace {

using reuse_port = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr auto as_result = net::as_tuple(net::use_awaitable);

}  // namespace

void check_port_is_free(net::io_context& loop, tcp::endpoint const& at)
{
    if (at.port() == 0) return;
    tcp::acceptor probe{loop};
    probe.open(at.protocol());
    probe.set_option(net::socket_base::reuse_address{true});  // past TIME_WAIT, not past a listener
    probe.bind(at);
}

listener::listener(http_context& context, router const& routes, tcp::endpoint const& at)
    : context_{context}, routes_{routes}, acceptor_{context.loop}
{
    acceptor_.open(at.protocol());
    acceptor_.set_option(net::socket_base::reuse_address{true});
    acceptor_.set_option(reuse_port{true});
    acceptor_.bind(at);
    acceptor_.listen(net::socket_base::max_listen_connections);
}

void listener::start() { spawn(context_.loop.get_executor(), accept(), "listener"); }

void listener::stop()
{
    error_code ignored;
    acceptor_.close(ignored);
}

net::awaitable<void> listener::accept()
{
    while (acceptor_.is_open()) {
        auto [ec, socket] = co_await acceptor_.async_accept(as_result);
        if (!ec) {
            take(std::move(socket));
        } else if (ec != net::error::operation_aborted && ec != net::error::connection_aborted) {
            // Out of descriptors or memory: the backlog waits until some are free.
            spdlog::warn("cannot accept connections: {}; trying again soon", ec.message());
            net::steady_timer pause{context_.loop, std::chrono::milliseconds{100}};
            co_await pause.async_wait(as_result);
        }
    }
}

void listener::take(tcp::socket socket)
{
    if (context_.open >= context_.options.max_connections) {
        context_.refused.add(http_refusal::too_many_connections);
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(net::buffer(raw_answer(http_refusal::too_many_connections)), ignored);
        return;
    }
    error_code ec;
    socket.set_option(tcp::no_delay{true}, ec);
    auto const remote = socket.remote_endpoint(ec);
    if (ec) return;  // it is gone already
    arrival from;
    from.remote_address = remote.address().to_string();
    from.socket = unique_fd{socket.release(ec)};
    http_connection::begin(context_, routes_, std::move(from));
}

}  // namespace notify
