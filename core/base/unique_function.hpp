// SPDX-License-Identifier: MIT
//
// A handler that is called once or more and need not be copyable: what
// std::move_only_function of C++23 will be, as far as we need it.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace notify {

template <class Signature>
class unique_function;

template <class... Args>
class unique_function<void(Args...)> {
public:
    unique_function() = default;

    template <class F>
    requires(!std::is_same_v<std::decay_t<F>, unique_function> &&
             std::is_invocable_v<std::decay_t<F>&, Args...>) unique_function(F&& f)
        : held_(std::make_unique<holder<std::decay_t<F>>>(std::forward<F>(f)))
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
        template <class G>
        explicit holder(G&& g) : f(std::forward<G>(g))
        {
        }
        void call(Args... args) override { f(std::forward<Args>(args)...); }
        F f;
    };

    std::unique_ptr<base> held_;
};

}  // namespace notify
