// SPDX-License-Identifier: MIT
//
// A handler that can be moved and need not be copyable: what std::move_only_function of C++23 is,
// as far as we need it. std::function wants copies, and a handler that owns another handler or a
// unique_ptr has none. It takes the answers of Redis (redis_client, uuid_cookies).
//
// Each one that holds something is one allocation, however small.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace notify {

template <class Signature>
class unique_function;

template <class... Args>
class unique_function<void(Args...)> {
public:
    unique_function() = default;

    template <std::invocable<Args...> F>
    unique_function(F f) : held_{std::make_unique<holder<F>>(std::move(f))}
    {
    }

    // False for a default-made one, and for one that was moved from.
    explicit operator bool() const { return held_ != nullptr; }

    // Calls what it holds; that may be done any number of times. REQUIRES: it holds something, and
    // is not destroyed meanwhile.
    void operator()(Args... args) { held_->call(std::forward<Args>(args)...); }

private:
    struct base {
        virtual ~base() = default;
        virtual void call(Args... args) = 0;
    };

    template <class F>
    struct holder final : base {
        explicit holder(F&& g) : f(std::move(g)) {}
        void call(Args... args) override { f(std::forward<Args>(args)...); }
        F f;
    };

    std::unique_ptr<base> held_;
};

}  // namespace notify
