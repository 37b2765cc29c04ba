// SPDX-License-Identifier: MIT
//
// A tab over long-polling alone. One connection carries its requests, one after
// the other: a browser takes a second one for its POSTs, but says so little that
// nothing is gained by it, and 10,000 of these would need 20,000 descriptors.
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
    std::string answer_;    // of the request that is under way, as far as it has come
    bool posting_ = false;  // it is a POST
};

}  // namespace notify::bench
