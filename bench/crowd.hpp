// SPDX-License-Identifier: MIT
//
// All tabs of a run: brings them in, so many at a time, and keeps the account of
// what each of them receives.
#pragma once

#include "latency_log.hpp"
#include "scenario.hpp"
#include "sequence_check.hpp"
#include "tab.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class crowd final : tab_context::owner {
public:
    // The tabs of a scenario's users. REQUIRES: loop outlives this.
    crowd(poller& loop, sockaddr_in const& server, scenario const& s);

    // Works until all are subscribed, each as whom its number says, with at most
    // `at_once` on their way. Throws std::runtime_error if one fails, or the
    // time is over.
    void join(std::vector<tab::identity> who, std::size_t at_once, poller::milliseconds within);

    // All at once; they may join again.
    void leave();

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
    scenario const scenario_;
    std::vector<sequence_check> checks_;
    std::vector<std::unique_ptr<tab>> tabs_;

    std::vector<tab::identity> who_;
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
