// SPDX-License-Identifier: MIT
//
// A tab over long-polling only. One connection carries its requests, one after the other. A browser
// uses a second one for POSTs, but sends so few that it gains nothing, and 10,000 tabs would need
// 20,000 descriptors.
#pragma once

#include "tab.hpp"

#include <span>
#include <string>
#include <string_view>

namespace notify::bench {

class polling_tab final : public tab {
public:
    using tab::tab;

private:
    void on_connected() override;
    void on_bytes(std::span<char> bytes) override;
    void send(std::string_view packet) override;
    void take_payload(std::string_view packets);
    void ask();

    std::string sid_;
    std::string to_say_;    // packets for the next POST
    std::string answer_;    // what has arrived of the answer to the request under way
    bool posting_ = false;  // whether that request is a POST
};

}  // namespace notify::bench
