// SPDX-License-Identifier: MIT
//
// Sends stamped notifications, to one user after the other: to Redis, published or stored, or to
// nchan by POSTs on one connection. It ignores the answers, since the tabs check what arrives.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"
#include "scenario.hpp"
#include "testbed.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class publisher final : poller::watcher {
public:
    // Throws std::runtime_error if it cannot connect. REQUIRES: loop outlives this.
    publisher(poller& loop, testbed const& bed, scenario const& s);
    publisher(publisher const&) = delete;
    publisher& operator=(publisher const&) = delete;
    ~publisher() { loop_.remove(socket_.get(), *this); }

    // Publishes the next n. What the kernel does not take now is sent later.
    void publish(std::size_t n);

    [[nodiscard]] std::uint64_t published() const { return published_; }

private:
    void on_ready(std::uint32_t events) override;
    void flush();

    poller& loop_;
    unique_fd socket_;
    std::size_t const first_user_;
    std::vector<std::string> heads_;  // for each user, the bytes before a stamp
    std::string const tail_;          // the bytes after a stamp
    std::uint64_t published_ = 0;
    std::string out_;
    std::size_t sent_ = 0;  // of out_
    bool writable_watched_ = false;
    std::vector<char> scratch_ = std::vector<char>(256 * 1024);
};

}  // namespace notify::bench
