// SPDX-License-Identifier: MIT
//
// A tab over WebSocket only, like a client with `transports: ["websocket"]`; and one for nchan,
// which follows a URL and gets a message in each frame.
#pragma once

#include "protocol/websocket_frame.hpp"
#include "tab.hpp"

#include <span>
#include <string>
#include <string_view>

namespace notify::bench {

class websocket_tab : public tab {
public:
    using tab::tab;

private:
    [[nodiscard]] virtual std::string target() const;
    virtual void on_upgraded() {}
    virtual void on_text(std::string_view text) { take(text); }

    void on_connected() override;
    void on_bytes(std::span<char> bytes) override;
    void send(std::string_view packet) override { send_frame(ws::opcode::text, packet); }
    void send_frame(ws::opcode op, std::string_view payload);
    void take_head(std::span<char>& bytes);

    ws::frame_reader reader_;
    std::string head_;  // what has arrived of the head of the answer to the upgrade
    bool upgraded_ = false;
};

class nchan_tab final : public websocket_tab {
public:
    using websocket_tab::websocket_tab;

private:
    [[nodiscard]] std::string target() const override { return "/sub?id=" + who(); }
    void on_upgraded() override { subscribed(); }
    void on_text(std::string_view text) override { notified(text); }
};

}  // namespace notify::bench
