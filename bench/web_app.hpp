// SPDX-License-Identifier: MIT
//
// The web app that a server asks whose cookies it got: every visitor's session
// cookie is the user's name. Answers at once, and keeps an account of how hard
// it was asked.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace notify::bench {

class web_app final : poller::watcher {
public:
    // Listens at a free port of loopback. Throws std::runtime_error if it
    // cannot. REQUIRES: loop outlives this.
    explicit web_app(poller& loop);
    web_app(web_app const&) = delete;
    web_app& operator=(web_app const&) = delete;
    ~web_app();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    // Since the last reset: questions, and how many connections at once brought them.
    [[nodiscard]] std::size_t asked() const { return asked_; }
    [[nodiscard]] std::size_t most_at_once() const { return most_at_once_; }
    void reset_account();

private:
    class visitor;

    void on_ready(std::uint32_t events) override;
    void forget(visitor& v);

    poller& loop_;
    std::uint16_t port_ = 0;  // told by what makes the next one
    unique_fd listener_;
    std::unordered_map<visitor*, std::unique_ptr<visitor>> visitors_;
    std::size_t asked_ = 0;
    std::size_t most_at_once_ = 0;
};

}  // namespace notify::bench
