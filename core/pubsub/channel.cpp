// SPDX-License-Identifier: MIT
#include "pubsub/channel.hpp"

#include "pubsub/hub.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace notify {

subscriber::~subscriber()
{
    if (channel_) channel_->remove(*this);
}

std::string_view subscriber::channel_name() const
{
    return channel_ ? channel_->name() : std::string_view{};
}

void channel::add(subscriber& s)
{
    subscribers_.push_back(s);
    ++size_;
    s.channel_ = this;
    await_confirmation(s);
}

// Of several subscribers that wait, the first one's deadline counts for all: a channel has one
// timer.
void channel::await_confirmation(subscriber& s)
{
    s.told_ = confirmed_;
    if (confirmed_) {
        disarm();  // it may have been lingering
        s.on_subscribed();
    } else if (!armed()) {
        hub_.arm(*this, hub_.options().confirm_timeout);
    }
}

// Only unlinks. It tells neither the hub nor the subscriber, so that callers may go on walking the
// list.
void channel::take_off(subscriber& s)
{
    s.unlink();
    s.channel_ = nullptr;
    --size_;
}

void channel::remove(subscriber& s)
{
    take_off(s);
    if (idle()) hub_.on_idle(*this);
}

// A second confirmation without a loss in between answers a repeated question; nothing was missed,
// so nobody is told again. After a loss, those who were subscribed are told that they may have
// missed something.
void channel::confirm()
{
    bool const repeated = std::exchange(confirmed_, true);  // nothing was lost in between
    disarm();
    for (subscriber& s : subscribers_) {
        if (!std::exchange(s.told_, true))
            s.on_subscribed();
        else if (!repeated)
            s.on_resubscribed();
    }
    if (idle()) hub_.on_idle(*this);
}

// The hot path: one call per message, one turn of the last loop per tab. Usually all subscribers
// share one feed, so the message is encoded once and the list of forms stays on the stack.
//
// Nothing here may join, leave or end a session (see subscriber), so the loop needs no copy of the
// list.
bool channel::deliver(std::string_view payload, std::size_t max_packet)
{
    struct form {
        feed const* of;
        frame encoded;
        bool fits;
    };
    // Seldom more than one feed on a channel, but they may take turns in the list.
    boost::container::small_vector<form, 2> forms;
    auto const form_for = [&](feed const& f) -> form const& {
        auto found = std::find_if(forms.begin(), forms.end(),
                                  [&f](form const& known) { return known.of == &f; });
        if (found != forms.end()) return *found;
        frame encoded = f.encode(payload);
        bool const fits = encoded.packet().size() <= max_packet;
        return *forms.insert(found, form{&f, std::move(encoded), fits});
    };
    bool all_fit = true;
    for (subscriber& s : subscribers_) {
        try {
            form const& f = form_for(s.feed_);
            if (f.fits) {
                s.on_message(f.encoded);
            } else {
                all_fit = false;
                s.on_too_large(payload.size());
            }
        } catch (std::exception const& e) {
            s.on_missed(e);
        }
    }
    return all_fit;
}

void channel::pass_over(std::size_t bytes)
{
    for (subscriber& s : subscribers_) s.on_too_large(bytes);
}

bool channel::has_waiting() const
{
    return std::any_of(subscribers_.begin(), subscribers_.end(),
                       [](subscriber const& s) { return !s.told_; });
}

// The iterator moves on before its element is unlinked.
void channel::fail_waiting()
{
    for (auto i = subscribers_.begin(); i != subscribers_.end();) {
        subscriber& s = *i++;
        if (s.told_) continue;
        take_off(s);
        s.on_subscribe_failed(subscribe_error::not_confirmed);
    }
}

// Also those who were told earlier that they are subscribed: the broker has been away since, and
// has refused the channel when it came back.
void channel::refuse()
{
    while (!subscribers_.empty()) {
        subscriber& s = subscribers_.front();
        take_off(s);
        s.on_subscribe_failed(subscribe_error::refused);
    }
}

// Confirmed means that it has lingered: give_up() destroys this channel.
void channel::on_timer(time_ms) noexcept
{
    if (confirmed_) return hub_.give_up(*this);  // nobody came back
    fail_waiting();
    if (idle()) hub_.on_idle(*this);
}

}  // namespace notify
