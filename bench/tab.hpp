// SPDX-License-Identifier: MIT
//
// One client: an unmodified socket.io-client over WebSocket, as the gateway sees
// it. Connects, upgrades, joins the namespace with a uuidCookie, answers pings,
// tells of notifications.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"
#include "protocol/websocket_frame.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class tab;

// What all tabs share.
struct tab_context {
    // Told what happens to tabs.
    class owner {
    public:
        virtual void on_subscribed(tab& t) = 0;
        virtual void on_notification(tab& t, std::string_view text) = 0;
        virtual void on_failed(tab& t, std::string_view why) = 0;

    protected:
        ~owner() = default;
    };

    poller& loop;
    owner& told;
    sockaddr_in gateway;
    std::vector<char> scratch = std::vector<char>(64 * 1024);
};

class tab final : poller::watcher {
public:
    // number tells tabs apart. REQUIRES: context outlives the tab.
    tab(tab_context& context, std::size_t number) : context_{context}, number_{number} {}
    tab(tab const&) = delete;
    tab& operator=(tab const&) = delete;
    ~tab() { leave(); }

    [[nodiscard]] std::size_t number() const { return number_; }

    // Begins; on_subscribed() or on_failed() follows.
    void join(std::string uuid);

    // Closes the connection, as a browser does that closes the page.
    void leave();

private:
    enum class state : std::uint8_t { connecting, upgrading, joining, subscribed };

    void on_ready(std::uint32_t events) override;
    void ask_for_upgrade();
    void read();
    void take_head(std::span<char>& bytes);
    void take_frames(std::span<char> bytes);
    void take(std::string_view packet);
    void take_internal(std::string_view event);
    void send(std::string_view packet);
    void send_bytes(std::string_view bytes);
    void fail(std::string_view why);

    tab_context& context_;
    std::size_t const number_;
    unique_fd socket_;
    ws::frame_reader reader_;
    std::string uuid_;
    std::string head_;  // of the answer to the upgrade, as far as it has come
    state state_ = state::connecting;
};

}  // namespace notify::bench
