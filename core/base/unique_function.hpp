// SPDX-License-Identifier: MIT
//
// A handler that is called once or more and need not be copyable: what
// std::move_only_function of C++23 will be, as far as we need it.
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

    explicit operator bool() const { return held_ != nullptr; }

    // REQUIRES: it holds something.
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
