// SPDX-License-Identifier: MIT
//
// All tabs of a run: brings them in, so many at a time, and keeps the account of
// what each of them receives.
#pragma once

#include "latency_log.hpp"
#include "sequence_check.hpp"
#include "tab.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class crowd final : tab_context::owner {
public:
    // Tab n belongs to user n / tabs_per_user. REQUIRES: loop outlives this.
    crowd(poller& loop, sockaddr_in const& gateway, std::size_t users, std::size_t tabs_per_user);

    // Works until all are subscribed, each with the uuidCookie of its number,
    // with at most `at_once` on their way. Throws std::runtime_error if one
    // fails, or the time is over.
    void join(std::vector<std::string> uuids, std::size_t at_once, poller::milliseconds within);

    void leave() { tabs_.clear(); }

    [[nodiscard]] std::size_t users() const { return users_; }
    [[nodiscard]] std::size_t tabs_per_user() const { return tabs_per_user_; }
    [[nodiscard]] std::size_t size() const { return tabs_.size(); }

    // --- the account ---

    // Notifications received so far, each tab's.
    [[nodiscard]] std::uint64_t received() const { return received_; }

    // Of the first `sent` messages, published to one user after the other.
    [[nodiscard]] std::uint64_t lost(std::uint64_t sent) const;

    [[nodiscard]] std::uint64_t out_of_order() const { return out_of_order_; }
    [[nodiscard]] std::uint64_t duplicates() const { return duplicates_; }
    [[nodiscard]] std::uint64_t strays() const { return strays_; }    // another user's, or no stamp
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  // tabs cut after joining

    // Latencies go here from now on; null: nowhere.
    void log_latency(latency_log* log) { latency_ = log; }

private:
    void begin_more();
    void on_subscribed(tab& t) override;
    void on_notification(tab& t, std::string_view text) override;
    void on_failed(tab& t, std::string_view why) override;

    tab_context context_;
    std::size_t const users_;
    std::size_t const tabs_per_user_;
    std::vector<sequence_check> checks_;
    std::deque<tab> tabs_;  // a tab stays where it is

    std::vector<std::string> uuids_;
    std::size_t at_once_ = 0;
    std::size_t begun_ = 0;
    std::size_t subscribed_ = 0;

    std::uint64_t received_ = 0;
    std::uint64_t out_of_order_ = 0;
    std::uint64_t duplicates_ = 0;
    std::uint64_t strays_ = 0;
    std::uint64_t dropped_ = 0;
    latency_log* latency_ = nullptr;
};

}  // namespace notify::bench
