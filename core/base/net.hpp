// SPDX-License-Identifier: MIT
//
// The one door to Boost.Asio: its names under `net`, and the aliases that the
// rooms share. Asio is compiled once, in asio.cpp.
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

// To await an operation that may fail without an exception: auto const [ec, …] = co_await ….
inline constexpr auto as_result = net::as_tuple(net::use_awaitable);

}  // namespace notify
