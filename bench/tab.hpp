// SPDX-License-Identifier: MIT
//
// One client, which looks to the server like an unmodified socket.io-client. It connects, joins the
// namespace with a uuidCookie or asks with its cookies, answers pings, and reports notifications.
// websocket_tab and polling_tab derive from it and carry its packets.
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

enum class carrier : std::uint8_t { websocket, polling, nchan };

// How tabs identify themselves: by a uuidCookie, or by the web app's session cookie.
enum class proof : std::uint8_t { uuid, cookie };

// What all tabs of a crowd share. It is told what happens to them.
struct tab_context {
    tab_context(poller& l, sockaddr_in const& s, proof p) : loop{l}, server{s}, by{p} {}

    virtual void on_subscribed() = 0;
    virtual void on_recovered() = 0;  // the answer to recover(); nothing was missed
    virtual void on_notification(std::size_t tab, std::string_view text) = 0;
    virtual void on_failed(std::size_t tab, std::string_view why) = 0;

    poller& loop;
    sockaddr_in const server;
    proof const by;
    std::vector<char> scratch = std::vector<char>(64 * 1024);

protected:
    ~tab_context() = default;
};

class tab : private poller::watcher {
public:
    // number tells tabs apart. REQUIRES: context outlives the tab.
    tab(tab_context& context, std::size_t number) : context_{context}, number_{number} {}
    tab(tab const&) = delete;
    tab& operator=(tab const&) = delete;
    virtual ~tab() { leave(); }

    // Starts connecting; on_subscribed() or on_failed() follows. May be called again after leave().
    // who: the uuidCookie or the session cookie; for nchan, which asks for neither, the user.
    void join(std::string who);

    // The same for a tab that has left, as the session that it was (connection state recovery).
    void recover();

    // Closes the connection, as a browser does that closes the page.
    void leave();

protected:
    // Implemented by the carrier. connected() is the first call for a connection.
    virtual void on_connected() = 0;
    virtual void on_bytes(std::span<char> bytes) = 0;
    virtual void send(std::string_view packet) = 0;

    // A complete packet has arrived.
    void take(std::string_view packet);

    void subscribed();
    void notified(std::string_view text) { context_.on_notification(number_, text); }

    void send_bytes(std::string_view bytes);
    void fail(std::string_view why);
    [[nodiscard]] bool open() const { return static_cast<bool>(socket_); }
    [[nodiscard]] std::string const& who() const { return who_; }
    [[nodiscard]] std::string cookie_header() const;

private:
    void on_ready(std::uint32_t events) override;
    void begin();
    void finish_connect();
    void take_event(std::string_view packet);
    void take_connect(std::string_view packet);
    [[nodiscard]] std::string connect_packet() const;

    tab_context& context_;
    std::size_t const number_;
    unique_fd socket_;
    std::string who_;
    std::string pid_;     // by which it may recover
    std::string offset_;  // that of the last event
    bool recovering_ = false;
    bool connecting_ = false;
};

[[nodiscard]] std::unique_ptr<tab> make_tab(carrier by, tab_context& context, std::size_t number);

}  // namespace notify::bench
