// SPDX-License-Identifier: MIT
#include "http/lingering_close.hpp"

#include "http/http_context.hpp"

#include <sys/socket.h>

#include <new>
#include <tuple>
#include <utility>

namespace notify {

namespace {

// Owns itself while it waits, and destroys itself when the peer ends or the time is over.
// http_context destroys it earlier if the shard stops. Small, and made with nothrow new: it is
// needed most when there is little of everything.
class lingering_socket final : public lingering, private epoll_set::watcher, private timer {
public:
    lingering_socket(http_context& context, unique_fd fd, quota_share place)
        : context_{context}, fd_{std::move(fd)}, place_{std::move(place)}
    {
        ++context_.open;
        ::shutdown(fd_.get(), SHUT_WR);
        // Where the kernel refuses to watch it, it ends with the next tick.
        watched_ = context_.wires.add(fd_.get(), *this);
        milliseconds const most{place_.is_of(context_.capacity.guests) ? 500 : 2'000};
        context_.clock.arm(*this, watched_ ? most : milliseconds{0});
        context_.lingering.push_back(*this);
    }

    ~lingering_socket() override
    {
        if (watched_) context_.wires.remove(fd_.get(), *this);
        --context_.open;
    }

private:
    // Reads one piece and forgets it; the set is level-triggered and calls again for the rest. A
    // peer that sends fast gets one read per turn of the loop, like anybody else.
    void on_ready(std::uint32_t) override
    {
        auto& scratch = context_.scratch;
        ssize_t const n = ::recv(fd_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
        if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return;
        delete this;
    }

    void on_timer(time_ms) noexcept override { delete this; }

    http_context& context_;
    unique_fd fd_;
    quota_share place_;
    bool watched_ = false;
};

}  // namespace

void close_lingering(http_context& context, unique_fd fd, quota_share place) noexcept
{
    // It owns itself. Without memory for it, fd is closed at once.
    std::ignore = new (std::nothrow) lingering_socket{context, std::move(fd), std::move(place)};
}

}  // namespace notify
