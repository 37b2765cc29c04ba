// SPDX-License-Identifier: MIT
//
// A limit on how much of something a process holds at a time (connections, sessions, bytes), and
// how much of it is taken. base/capacity has those of the gateway.
//
// May be used from any thread. The count orders nothing but itself, so its operations are relaxed
// atomic ones; no other data is passed from thread to thread by it.
//
// Invariant: taken() is never above limit(), not even for a moment. That is why try_take is a loop
// of compare-exchange and not an addition that is undone if it was too much: two threads at the
// limit could then refuse each other, though there was room for one.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <utility>

namespace notify {

class quota {
public:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    explicit quota(std::size_t limit = unlimited) : limit_{limit} {}
    quota(quota const&) = delete;
    quota& operator=(quota const&) = delete;

    // Takes n. Returns false, and takes nothing, if fewer than n are left.
    [[nodiscard]] bool try_take(std::size_t n = 1) noexcept
    {
        std::size_t before = taken_.load(std::memory_order_relaxed);
        do {
            if (n > limit_ || before > limit_ - n) return false;
        } while (!taken_.compare_exchange_weak(before, before + n, std::memory_order_relaxed));
        return true;
    }

    // Gives n back, on any thread. REQUIRES: the caller has taken at least n.
    void give_back(std::size_t n = 1) noexcept { taken_.fetch_sub(n, std::memory_order_relaxed); }

    [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t limit() const { return limit_; }

private:
    std::size_t const limit_;
    std::atomic<std::size_t> taken_{0};
};

// What one owner has taken of a quota, and gives back when it is destroyed. Moves like a
// unique_ptr: a connection's share goes with its socket from listener to connection, to a WebSocket
// or to another shard, and is given back by whoever held it last.
class quota_share {
public:
    quota_share() = default;

    // Takes n of q. Holds nothing, and converts to false, if fewer are left. REQUIRES: q outlives
    // this share and all that it is moved to.
    explicit quota_share(quota& q, std::size_t n = 1) noexcept
    {
        if (!q.try_take(n)) return;
        of_ = &q;
        amount_ = n;
    }

    // Returns a share of what the caller took with try_take(), or got from release().
    [[nodiscard]] static quota_share adopt(quota& q, std::size_t n = 1) noexcept
    {
        quota_share share;
        share.of_ = &q;
        share.amount_ = n;
        return share;
    }

    quota_share(quota_share&& other) noexcept
        : of_{std::exchange(other.of_, nullptr)}, amount_{std::exchange(other.amount_, 0)}
    {
    }
    quota_share& operator=(quota_share&& other) noexcept
    {
        std::swap(of_, other.of_);
        std::swap(amount_, other.amount_);
        return *this;
    }
    ~quota_share()
    {
        if (of_) of_->give_back(amount_);
    }

    [[nodiscard]] explicit operator bool() const { return of_ != nullptr; }
    [[nodiscard]] bool is_of(quota const& q) const { return of_ == &q; }

    // Forgets the share. From now on the caller owes the give_back(). Sessions and WebSockets do
    // so: they know their quota anyway, and a share in each of them would be 16 bytes more.
    void release() noexcept { of_ = nullptr; }

private:
    quota* of_ = nullptr;  // null: holds nothing
    std::size_t amount_ = 0;
};

}  // namespace notify
