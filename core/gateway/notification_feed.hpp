// SPDX-License-Identifier: MIT
//
// What is published for a user, in the form of the event `notification` (contract/notification).
#pragma once

#include "contract/notification.hpp"
#include "pubsub/subscriber.hpp"

#include <string_view>

namespace notify {

// All sockets share the two below, so a message is encoded once, or twice, for all tabs of a user.
class notification_feed final : public feed {
public:
    // offset: behind each entry of the log stands where that is.
    explicit notification_feed(bool offset) : offset_{offset} {}

    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return encode_notification(payload);
    }

    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return encode_entry(e, offset_);
    }

private:
    bool const offset_;
};

inline notification_feed const as_notification{false};
inline notification_feed const notification_with_offset{true};  // for clients that recover

}  // namespace notify
