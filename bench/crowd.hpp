// SPDX-License-Identifier: MIT
//
// All tabs of a run: brings them in, so many at a time, and keeps the account of
// what they receive.
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

    // Works until all are subscribed, with at most `at_once` on their way. Tab n
    // says that it is who[n] (tab::join()). Throws std::runtime_error if one fails,
    // or two minutes are over.
    void join(std::vector<std::string> who, std::size_t at_once);

    // All at once; they may join again.
    void leave();

    // Notifications received so far, each tab's.
    [[nodiscard]] std::uint64_t received() const { return received_; }

    // Has the latencies of notifications added to this log from now on; null: none.
    void log_latency(std::vector<std::uint32_t>* log) { latencies_ = log; }

    // Puts down what was received wrongly, or not at all of the first `published`
    // messages, which went to one user after the other.
    void account(figures& f, std::uint64_t published) const;

private:
    void begin_more();
    void on_subscribed() override { ++subscribed_; }
    void on_notification(std::size_t tab, std::string_view text) override;
    void on_failed(std::size_t tab, std::string_view why) override;

    scenario const scenario_;
    std::vector<std::unique_ptr<bench::tab>> tabs_;
    std::vector<std::uint32_t> due_;  // of each tab, which of its user's notifications comes next

    std::vector<std::string> who_;
    std::size_t at_once_ = 0;
    std::size_t begun_ = 0;
    std::size_t subscribed_ = 0;

    std::uint64_t received_ = 0;
    std::uint64_t misplaced_ = 0;
    std::uint64_t strays_ = 0;
    std::uint64_t dropped_ = 0;
    std::vector<std::uint32_t>* latencies_ = nullptr;
};

}  // namespace notify::bench
