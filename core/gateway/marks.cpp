// SPDX-License-Identifier: MIT
#include "gateway/marks.hpp"

#include <exception>
#include <utility>

namespace notify {

// One user's marks: those that Redis is asked for, and those that come next.
class marks::user final : private timer {
public:
    user(marks& owner, std::string_view channel) : owner_{owner}, channel_{channel} {}

    void add(mark_request const& request, mark_listener& l)
    {
        if (!next_.try_add(request)) {
            l.on_marked(error{"too many notifications are being marked at once: try again"});
            return;
        }
        waiting_.push_back(l);
        if (!under_way_ && !armed()) ask();
    }

private:
    using list = boost::intrusive::list<mark_listener, boost::intrusive::constant_time_size<false>>;

    void ask()
    {
        auto const request = std::exchange(next_, {});
        asked_.splice(asked_.end(), waiting_);
        under_way_ = true;
        try {
            owner_.run_(channel_, request,
                        [this](result<std::uint64_t> const& unread) { on_done(unread); });
        } catch (std::exception const& e) {
            on_done(error{e.what()});
        }
    }

    // A listener may mark something else at once, which then waits for the timer.
    void on_done(result<std::uint64_t> const& unread)
    {
        under_way_ = false;
        owner_.clock_.arm(*this, pause);
        while (!asked_.empty()) {
            mark_listener& l = asked_.front();
            asked_.pop_front();
            l.on_marked(unread);
        }
    }

    void on_timer(time_ms) noexcept override
    {
        if (!next_.empty()) return ask();
        owner_.users_.erase(channel_);  // this
    }

    marks& owner_;
    std::string const channel_;
    mark_request next_;
    list waiting_;  // for next_
    list asked_;
    bool under_way_ = false;
};

marks::marks(script run, shard_clock& clock) : run_{std::move(run)}, clock_{clock} {}

marks::~marks() = default;

void marks::mark(std::string_view channel, mark_request const& request, mark_listener& l)
{
    auto& u = users_[std::string{channel}];
    if (!u) u = std::make_unique<user>(*this, channel);
    u->add(request, l);
}

}  // namespace notify
