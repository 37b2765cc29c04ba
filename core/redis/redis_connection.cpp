// SPDX-License-Identifier: MIT
#include "redis/redis_connection.hpp"

#include "base/backoff.hpp"
#include "base/until_memory.hpp"
#include "redis/redis_link.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>

namespace notify::redis {

namespace {

// A connection that was lost sooner than this after it came up has not proved that all is well
// again. The pauses go on growing then: a server that accepts connections and drops them at once is
// not tried twenty times a second.
constexpr std::chrono::seconds settled{2};

}  // namespace

// What lasts from one link to the next. The coroutine run() shares it, so that the connection may
// be destroyed while run() is suspended or is calling the owner; owner_ is null from then on.
class redis_connection::impl {
public:
    impl(net::any_io_executor const& executor, redis_options options, owner& o, redis_policy policy)
        : options_{std::move(options)}, policy_{std::move(policy)}, owner_{&o}, timer_{executor}
    {
    }

    // Starts run(). Without memory to start it, the connection would be lost for good, and nobody
    // would ever try again: so this waits for memory.
    static void begin(std::shared_ptr<impl> const& self)
    {
        until_memory([&] {
            net::co_spawn(self->timer_.get_executor(), run(self), [](std::exception_ptr e) {
                if (e) std::rethrow_exception(e);
            });
        });
    }

    void stop()
    {
        owner_ = nullptr;
        if (link_) link_->abandon();
        timer_.cancel();
    }

    [[nodiscard]] redis_link* link() const { return link_.get(); }
    [[nodiscard]] redis_options const& options() const { return options_; }

private:
    using duration = std::chrono::steady_clock::duration;

    // Ends with run(), and begins the next run() if this one ended without being asked to. Asio
    // destroys a suspended coroutine, without an exception, if it has no memory to wait for an
    // event. When the event loop is destroyed, coroutines end in the same way: these are left
    // alone.
    struct life {
        explicit life(std::shared_ptr<impl> s) : self{std::move(s)} {}
        ~life()
        {
            if (over || self->loop_has_ended()) return;
            if (auto const link = std::move(self->link_)) link->abandon();
            if (self->owner_) self->owner_->on_down("out of memory");
            if (self->owner_ && self->policy_.keep_trying) begin(self);
        }

        std::shared_ptr<impl> const self;
        bool over = false;
    };

    static net::awaitable<void> run(std::shared_ptr<impl> self)
    {
        life l{self};
        // The owner is not called from within start(), even if the first try fails at once.
        co_await net::post(self->timer_.get_executor(), net::use_awaitable);
        backoff pause{self->policy_.pause_first, self->policy_.pause_most};
        while (self->owner_) {
            auto const link = std::make_shared<redis_link>(
                self->timer_.get_executor(), self->options_, self->policy_, *self->owner_);
            self->link_ = link;
            auto const reason = co_await link->run();
            // The owner is told when link_ is gone already: up() is false in on_down().
            self->link_.reset();
            if (self->owner_ && link->met_wrong_server()) self->owner_->on_wrong_server(reason);
            if (self->owner_) self->owner_->on_down(reason);
            if (!self->owner_ || !self->policy_.keep_trying) break;

            if (link->up_for() >= settled) pause.reset();
            self->timer_.expires_after(pause.next());
            co_await self->timer_.async_wait(as_result);
        }
        l.over = true;
    }

    [[nodiscard]] bool loop_has_ended()
    {
        auto const& executor = timer_.get_executor();
        auto const* const loop = executor.target<net::io_context::executor_type>();
        return loop && loop->context().stopped();
    }

    redis_options const options_;  // outlives each link
    redis_policy const policy_;
    owner* owner_;  // null once stopped
    net::steady_timer timer_;
    std::shared_ptr<redis_link> link_;  // null between two tries
};

redis_connection::redis_connection(net::any_io_executor const& executor, redis_options options,
                                   owner& o, redis_policy policy)
    : impl_{std::make_shared<impl>(executor, std::move(options), o, std::move(policy))}
{
}

redis_connection::~redis_connection() { stop(); }

void redis_connection::start() { impl::begin(impl_); }

void redis_connection::stop() { impl_->stop(); }

void redis_connection::send(std::span<std::string_view const> args) noexcept
{
    if (auto* const link = impl_->link()) link->send(args);
}

void redis_connection::send(std::initializer_list<std::string_view> args) noexcept
{
    send(std::span{args.begin(), args.size()});
}

void redis_connection::drop(std::string reason)
{
    if (up()) impl_->link()->end(std::move(reason));
}

bool redis_connection::up() const { return impl_->link() && impl_->link()->up(); }

server_facts const& redis_connection::server() const { return impl_->link()->server(); }

redis_options const& redis_connection::options() const { return impl_->options(); }

}  // namespace notify::redis
