// SPDX-License-Identifier: MIT
#include "pubsub/hub.hpp"

#include <array>
#include <exception>
#include <new>
#include <vector>

namespace notify {

hub::hub(broker& b, shard_clock& clock, hub_options options)
    : broker_{b}, clock_{clock}, options_{options}
{
    broker_.listen(*this);
}

hub::~hub() = default;

channel* hub::find(std::string_view name) const
{
    auto const found = channels_.find(name);
    return found == channels_.end() ? nullptr : found->get();
}

channel& hub::find_or_make(std::string_view name)
{
    if (channel* const c = find(name)) return *c;
    auto const made = channels_.insert(std::make_unique<channel>(*this, name)).first;
    if (!broker_.up()) return **made;
    try {
        std::array const names{(*made)->name()};
        broker_.subscribe(names);
    } catch (std::exception const&) {  // or it would wait for ever, and all who join it
        channels_.erase(made);
        throw;
    }
    return **made;
}

void hub::join(std::string_view name, subscriber& s)
{
    if (s.channel_ && s.channel_->name() == name) return s.channel_->await_confirmation(s);
    leave(s);
    channel& c = find_or_make(name);
    if (c.size_ >= options_.max_subscribers)
        return s.on_subscribe_failed(subscribe_error::too_many_subscribers);
    c.add(s);
}

void hub::leave(subscriber& s)
{
    if (s.channel_) s.channel_->remove(s);
}

void hub::arm(channel& c, milliseconds in) { clock_.arm(c, in); }

// A channel that was never confirmed stays until it is, see channel.hpp; while
// the broker is away there is nothing to wait for.
void hub::on_idle(channel& c)
{
    if (c.confirmed_)
        arm(c, options_.linger);
    else if (!broker_.up())
        channels_.erase(channels_.find(c.name()));
    else
        c.disarm();
}

void hub::give_up(channel& c) noexcept
{
    try {
        broker_.unsubscribe(c.name());
    } catch (std::bad_alloc const&) {  // the next time, then
        return arm(c, options_.linger);
    }
    channels_.erase(channels_.find(c.name()));
}

void hub::on_up() { subscribe_to_all(); }

void hub::on_down()
{
    for (auto i = channels_.begin(); i != channels_.end();) {
        channel& c = **i;
        c.unconfirm();
        if (c.idle()) {
            channels_.erase(i++);
        } else {
            if (c.has_waiting() && !c.armed()) arm(c, options_.confirm_timeout);
            ++i;
        }
    }
}

void hub::subscribe_to_all()
{
    std::vector<std::string_view> names;
    names.reserve(channels_.size());
    for (auto const& c : channels_) names.push_back(c->name());
    if (!names.empty()) broker_.subscribe(names);
}

void hub::on_subscribed(std::string_view name)
{
    if (channel* const c = find(name)) c->confirm();
}

void hub::on_refused(std::string_view name)
{
    auto const found = channels_.find(name);
    if (found == channels_.end()) return;
    (*found)->refuse();
    channels_.erase(found);
}

void hub::on_message(std::string_view name, std::string_view payload)
{
    if (payload.size() > options_.max_message) return on_passed_over(name, payload.size());
    // Before the confirmation it is a message on its way from a subscription that
    // was given up: whoever joined since has not been promised it.
    constexpr std::size_t around = 1'024;  // the event's and the frame's own bytes
    if (channel* const c = find(name); c && c->confirmed_) {
        if (!c->deliver(payload, 2 * options_.max_message + around)) note_large(payload.size());
    }
}

void hub::on_passed_over(std::string_view name, std::size_t bytes)
{
    channel* const c = find(name);
    if (!c || !c->confirmed_) return;
    c->pass_over(bytes);
    note_large(bytes);
}

void hub::note_large(std::size_t bytes)
{
    ++large_.count;
    large_.newest_bytes = bytes;
}

}  // namespace notify
