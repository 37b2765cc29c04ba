// SPDX-License-Identifier: MIT
//
// All tabs of a run: connects them, a limited number at a time, and counts what they receive.
#pragma once

#include "figures.hpp"
#include "scenario.hpp"
#include "tab.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class crowd final : tab_context {
public:
    // The tabs of a scenario's users. REQUIRES: loop outlives this.
    crowd(poller& loop, sockaddr_in const& server, scenario const& s);

    // Runs the loop until all are subscribed, with at most `at_once` connecting at the same time.
    // Tab n identifies itself by who[n] (tab::join()). Throws std::runtime_error if one fails, or
    // after two minutes.
    void join(std::vector<std::string> who, std::size_t at_once);

    // The same for tabs that have left, as the sessions that they were.
    void recover(std::size_t at_once);

    // Those that have come back as the session that they were.
    [[nodiscard]] std::size_t recovered() const { return recovered_; }

    // Closes all tabs at once; they may join again.
    void leave();

    // Notifications received so far, by all tabs.
    [[nodiscard]] std::uint64_t received() const { return received_; }

    // From now on adds the latency of each notification to this log; null: to none.
    void log_latency(std::vector<std::uint32_t>* log) { latencies_ = log; }

    // Notes the errors in what was received. The first `published` messages, which went to one user
    // after the other, should have arrived.
    void account(figures& f, std::uint64_t published) const;

private:
    void await_all();
    void begin_more();
    void on_subscribed() override { ++subscribed_; }
    void on_recovered() override { ++recovered_; }
    void on_notification(std::size_t tab, std::string_view text) override;
    void on_failed(std::size_t tab, std::string_view why) override;

    scenario const scenario_;
    std::vector<std::unique_ptr<bench::tab>> tabs_;
    std::vector<std::uint32_t> due_;  // for each tab, the number of the notification that is next

    std::vector<std::string> who_;
    std::size_t at_once_ = 0;
    std::size_t begun_ = 0;
    std::size_t subscribed_ = 0;
    std::size_t recovered_ = 0;

    std::uint64_t received_ = 0;
    std::uint64_t misplaced_ = 0;
    std::uint64_t strays_ = 0;
    std::uint64_t dropped_ = 0;
    std::vector<std::uint32_t>* latencies_ = nullptr;
};

}  // namespace notify::bench
