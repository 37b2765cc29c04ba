// SPDX-License-Identifier: MIT
//
// A tab over WebSocket alone, as `transports: ["websocket"]` has it.
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

protected:
    // As a client of Socket.IO has it; nchan's differs.
    [[nodiscard]] virtual std::string target() const;
    virtual void on_upgraded() {}
    virtual void on_text(std::string_view text) { take(text); }

private:
    void on_connected() override;
    void on_bytes(std::span<char> bytes) override;
    void send(std::string_view packet) override;
    void take_head(std::span<char>& bytes);

    ws::frame_reader reader_;
    std::string head_;  // of the answer to the upgrade, as far as it has come
    bool upgraded_ = false;
};

}  // namespace notify::bench
