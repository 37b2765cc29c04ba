// SPDX-License-Identifier: MIT
//
// Runs a coroutine to its end on an io_context of the test's own.
#pragma once

#include "base/net.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace notify::test {

// Runs the coroutine. Returns what it returned, and throws what it threw. Other work on
// the context is left there and goes on in the next call.
template <class T>
T await(net::io_context& context, net::awaitable<T> coroutine,
        std::chrono::seconds within = std::chrono::seconds{20})
{
    std::optional<T> value;
    std::exception_ptr thrown;
    bool done = false;
    net::co_spawn(context, std::move(coroutine), [&](std::exception_ptr e, T result) {
        thrown = e;
        if (!e) value.emplace(std::move(result));
        done = true;
        context.stop();
    });
    context.restart();
    context.run_for(within);
    if (!done) throw std::runtime_error("the coroutine did not end in time");
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
}

// Runs the context until condition() holds. Returns false if it never did.
template <class Condition>
bool run_until(net::io_context& context, Condition condition,
               std::chrono::milliseconds within = std::chrono::seconds{20})
{
    auto const end = std::chrono::steady_clock::now() + within;
    context.restart();
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        context.run_one_for(std::chrono::milliseconds{50});
        if (context.stopped()) context.restart();
    }
    return true;
}

}  // namespace notify::test
