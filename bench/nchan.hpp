// SPDX-License-Identifier: MIT
//
// nchan, a module of Nginx, as a server to be measured: a channel for each user,
// which a tab follows by a WebSocket of its URL and a POST publishes to. It asks
// nobody who a tab is, and its frames are the messages alone.
#pragma once

#include "base/unique_fd.hpp"
#include "outlet.hpp"
#include "poller.hpp"
#include "send_buffer.hpp"
#include "websocket_tab.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

inline constexpr char nchan_module[] = "/usr/lib/nginx/modules/ngx_nchan_module.so";

// The command of an Nginx that listens at this port, with all its files in folder.
[[nodiscard]] std::vector<std::string> nchan_command(std::filesystem::path const& folder,
                                                     std::uint16_t port);

// A port of loopback that nobody had just now.
[[nodiscard]] std::uint16_t free_port();

class nchan_tab final : public websocket_tab {
public:
    using websocket_tab::websocket_tab;

private:
    [[nodiscard]] std::string target() const override;
    void on_upgraded() override { subscribed(); }
    void on_text(std::string_view text) override { notified(text); }
};

// POSTs, one after the other on one connection, without waiting for the answers.
class http_outlet final : public outlet, poller::watcher {
public:
    // Throws std::runtime_error if it cannot connect. REQUIRES: loop outlives this.
    http_outlet(poller& loop, sockaddr_in const& at);
    http_outlet(http_outlet const&) = delete;
    http_outlet& operator=(http_outlet const&) = delete;
    ~http_outlet() override;

    [[nodiscard]] std::string address_of(std::string const& user) const override;
    void queue(std::string_view address, std::string_view text) override;
    void flush() override { out_.flush(); }

private:
    void on_ready(std::uint32_t events) override;

    poller& loop_;
    unique_fd socket_;
    send_buffer out_{loop_, socket_.get(), *this};
    std::vector<char> scratch_ = std::vector<char>(64 * 1024);
};

}  // namespace notify::bench
