// SPDX-License-Identifier: MIT
//
// What users have read, on its way to Redis: a script marks it in the user's log, and all of the
// user's clients hear of it from there.
//
// A user's marks are one script at a time, and the next comes a moment later at the earliest: what
// tabs ask for meanwhile goes together. So a user, however many tabs ask how often, costs Redis ten
// scripts a second at most.
//
// Belongs to one shard, and is used on its thread.
#pragma once

#include "base/result.hpp"
#include "base/shard_clock.hpp"
#include "base/siphash.hpp"
#include "contract/mark_request.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace notify {

// Who waits for what has become of a mark. Leaves its list when it is destroyed.
class mark_listener : public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // How many are unread now, or why they could not be marked. Called once, and may destroy the
    // listener.
    virtual void on_marked(result<std::uint64_t> const& unread) = 0;

protected:
    ~mark_listener() = default;
};

class marks {
public:
    static constexpr milliseconds pause{100};

    // Marks them in the log of a channel, and calls done from the event loop, once. May throw
    // std::bad_alloc; done is not called then.
    using script = std::function<void(std::string const& channel, mark_request const& request,
                                      std::function<void(result<std::uint64_t>)> done)>;

    // REQUIRES: clock outlives it, and so does what run stands on.
    marks(script run, shard_clock& clock);
    ~marks();

    // Has l told what has become of it. Throws std::bad_alloc; l is not told then.
    void mark(std::string_view channel, mark_request const& request, mark_listener& l);

private:
    class user;

    script const run_;
    shard_clock& clock_;
    // Only users of whom something waits or was marked just now.
    boost::unordered_flat_map<std::string, std::unique_ptr<user>, seeded_hash> users_;
};

}  // namespace notify
