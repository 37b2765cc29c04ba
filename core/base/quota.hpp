// SPDX-License-Identifier: MIT
//
// How much of something the process has given out, and how much of it there is:
// connections, sessions, bytes. One count for all shards, so that a limit is the
// limit of the process, whichever shard a client reaches.
//
// May be used from any thread; a count is an atomic number and nothing else.
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

    // Takes n. False, and takes nothing, where fewer are left.
    [[nodiscard]] bool try_take(std::size_t n = 1) noexcept
    {
        std::size_t before = taken_.load(std::memory_order_relaxed);
        do {
            if (n > limit_ || before > limit_ - n) return false;
        } while (!taken_.compare_exchange_weak(before, before + n, std::memory_order_relaxed));
        return true;
    }

    // REQUIRES: so many are taken.
    void give_back(std::size_t n = 1) noexcept { taken_.fetch_sub(n, std::memory_order_relaxed); }

    [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t limit() const { return limit_; }

private:
    std::size_t const limit_;
    std::atomic<std::size_t> taken_{0};
};

// What was taken of a quota, by one owner, who gives it back when it goes.
class quota_share {
public:
    quota_share() = default;

    // Takes n of q; holds nothing where fewer are left. REQUIRES: q outlives it.
    explicit quota_share(quota& q, std::size_t n = 1) noexcept
    {
        if (!q.try_take(n)) return;
        of_ = &q;
        amount_ = n;
    }

    // One that somebody else has taken.
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

    // Leaves giving it back to who calls this.
    void release() noexcept { of_ = nullptr; }

private:
    quota* of_ = nullptr;
    std::size_t amount_ = 0;
};

}  // namespace notify
