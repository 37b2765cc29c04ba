// SPDX-License-Identifier: MIT
//
// A user's messages in the form of a stream of events (contract/event_block), encoded once for all
// streams of that form. There is one constant for each form, shared by all shards.
#pragma once

#include "contract/event_block.hpp"
#include "pubsub/subscriber.hpp"

namespace notify {

class stream_feed final : public feed {
public:
    explicit stream_feed(stream_form form) : form_{form} {}

    // Returns the feed of a form, which lives as long as the program.
    [[nodiscard]] static stream_feed const& of(stream_form form);

    // A message that was published live becomes {"message":"<text>"}, and has no id: nobody can
    // get it again.
    [[nodiscard]] frame encode(std::string_view payload) const override;
    // A stored one has the id of its position.
    [[nodiscard]] frame encode(stored_entry const& e) const override;

private:
    stream_form const form_;
};

}  // namespace notify
