// SPDX-License-Identifier: MIT
//
// Boost.Asio's names under `net`, and the aliases that all rooms share. Includes only what nearly
// everybody needs, since Asio's headers are slow to compile; timers, signals and TLS are included
// where they are used. Asio's own functions are compiled once, in asio.cpp.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace notify {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;

// Completion token for operations whose failure is an ordinary answer: the coroutine gets the
// error as a value, auto const [ec, n] = co_await socket.async_read_some(buffer, as_result);
// use_awaitable alone would throw.
inline constexpr auto as_result = net::as_tuple(net::use_awaitable);

}  // namespace notify
