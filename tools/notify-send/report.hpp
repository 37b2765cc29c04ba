// SPDX-License-Identifier: MIT
//
// Prints the outcome of each row when it is known, and a summary at the end.
//
// If nobody reads our stdout any more, the rows are still sent: a broken pipe must not leave half
// of the users without their message.
#pragma once

#include "base/result.hpp"
#include "cli/exit_code.hpp"
#include "options.hpp"
#include "progress.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

class report {
public:
    explicit report(send_options const& options);

    // The next row is on its way to Redis. Replies come in the same order.
    void on_given() { ++given_; }

    // Redis passed it on to this number of subscriptions.
    void on_sent(row const& r, std::int64_t subscriptions);

    // Redis stored it, and passed it on; or had done so before.
    void on_stored(row const& r, stored_notification const& s);

    // Redis refused it.
    void on_failed(row const& r, publish_error const& e);

    // Redis was lost before it confirmed the row (perhaps), or before the row was sent.
    void on_lost(row const& r, bool perhaps, std::string_view why);

    // --dry-run: the row could be sent.
    void on_checked(row const& r);

    // Prints the summary. Returns the exit code, given how the run ended.
    [[nodiscard]] cli::exit_code finish(cli::exit_code ended);

private:
    void print(std::string_view line);
    [[nodiscard]] std::string in_words(stored_notification const& s) const;
    void print_error(row const& r, std::string_view why);
    void explain_loss();
    void explain_interruption();
    void summarize();
    [[nodiscard]] cli::exit_code verdict() const;

    send_options const& options_;
    progress progress_;
    std::size_t given_ = 0;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;  // of those sent: rows with at least one subscription
    std::size_t repeated_ = 0;  // of those sent: stored before, and so not sent again
    std::size_t failed_ = 0;
    std::size_t checked_ = 0;
    std::size_t perhaps_ = 0;  // of those failed: sent, but not confirmed when Redis was lost
    row const* first_lost_ = nullptr;
    row const* first_unsent_ = nullptr;
    std::string why_lost_;
    bool forbidden_ = false;  // by an ACL, one of those failed
    bool muted_ = false;      // stdout was closed
};

}  // namespace notify
