// SPDX-License-Identifier: MIT
//
// One client: an unmodified socket.io-client, as the server sees it. Connects,
// joins the namespace with a uuidCookie or asks with its cookies, answers pings,
// tells of notifications. What carries it is in websocket_tab and polling_tab.
#pragma once

#include "base/unique_fd.hpp"
#include "poller.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class tab;

enum class carrier : std::uint8_t { websocket, polling, nchan };

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
    sockaddr_in server;
    std::vector<char> scratch = std::vector<char>(64 * 1024);
};

class tab : private poller::watcher {
public:
    // How it says who it is: the value of its uuidCookie, or of its session cookie.
    struct identity {
        std::string uuid;
        std::string cookie;  // if there is no uuid
        std::string user;    // whose name nchan takes for it
    };

    // number tells tabs apart. REQUIRES: context outlives the tab.
    tab(tab_context& context, std::size_t number) : context_{context}, number_{number} {}
    tab(tab const&) = delete;
    tab& operator=(tab const&) = delete;
    virtual ~tab() { leave(); }

    [[nodiscard]] std::size_t number() const { return number_; }

    // Begins; on_subscribed() or on_failed() follows. May be called again after leave().
    void join(identity who);

    // Closes the connection, as a browser does that closes the page.
    void leave();

protected:
    // Of this carrier: connected is the first call of a connection.
    virtual void on_connected() = 0;
    virtual void on_bytes(std::span<char> bytes) = 0;
    virtual void send(std::string_view packet) = 0;

    // A whole packet has come.
    void take(std::string_view packet);

    void subscribed();
    void notified(std::string_view text) { context_.told.on_notification(*this, text); }
    [[nodiscard]] std::string const& user() const { return who_.user; }

    void send_bytes(std::string_view bytes);
    void fail(std::string_view why);
    [[nodiscard]] bool open() const { return static_cast<bool>(socket_); }
    [[nodiscard]] std::string cookie_header() const;

private:
    enum class state : std::uint8_t { connecting, joining, subscribed };

    void on_ready(std::uint32_t events) override;
    void finish_connect();
    void read();
    void take_internal(std::string_view event);

    tab_context& context_;
    std::size_t const number_;
    unique_fd socket_;
    identity who_;
    state state_ = state::connecting;
};

[[nodiscard]] std::unique_ptr<tab> make_tab(carrier by, tab_context& context, std::size_t number);

}  // namespace notify::bench
