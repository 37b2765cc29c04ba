// SPDX-License-Identifier: MIT
#include "pubsub/hub.hpp"

#include <array>
#include <exception>
#include <new>
#include <vector>

namespace notify {

hub::hub(broker& b, shard_clock& clock, hub_options options, message_log* log)
    : broker_{b}, clock_{clock}, options_{options}
{
    broker_.listen(*this);
    if (log) reads_.emplace(*log, clock_);
}

hub::~hub() = default;

channel* hub::find(std::string_view name) const
{
    auto const found = channels_.find(name);
    return found == channels_.end() ? nullptr : found->get();
}

// The channel is in the table before it is asked for. While the broker is away it is only in the
// table, and on_up() asks for it. If the question cannot be sent, the entry goes again: it would
// wait for ever, and so would all who join it.
channel& hub::find_or_make(std::string_view name, bool has_log)
{
    if (channel* const c = find(name)) return *c;
    log_reads* const reads = has_log && reads_ ? &*reads_ : nullptr;
    auto const made = channels_.insert(std::make_unique<channel>(*this, reads, name)).first;
    if (!broker_.up()) return **made;
    try {
        std::array const names{(*made)->name()};
        broker_.subscribe(names);
    } catch (std::exception const&) {
        channels_.erase(made);
        throw;
    }
    return **made;
}

// A move leaves the old channel first, so that a full new one cannot leave s on two.
void hub::join(std::string_view name, subscriber& s, std::optional<log_start> from)
{
    if (s.channel_ && s.channel_->name() == name) return s.channel_->await_confirmation(s);
    leave(s);
    channel& c = find_or_make(name, from.has_value());
    if (c.size_ >= options_.max_subscribers)
        return s.on_subscribe_failed(subscribe_error::too_many_subscribers);
    try {
        c.add(s, from.value_or(log_start{}));
    } catch (std::bad_alloc const&) {
        if (c.idle()) on_idle(c);
        throw;
    }
}

void hub::leave(subscriber& s)
{
    if (s.channel_) s.channel_->remove(s);
}

void hub::arm(channel& c, milliseconds in) { clock_.arm(c, in); }

// A confirmed channel lingers. An unconfirmed one stays until its confirmation has come, so that no
// late confirmation is taken for a new one's (channel.hpp); only while the broker is away is there
// none to come.
void hub::on_idle(channel& c)
{
    if (c.confirmed_)
        arm(c, options_.linger);
    else if (!broker_.up())
        channels_.erase(channels_.find(c.name()));
    else
        c.disarm();
}

// Without memory for the question the channel lingers once more. Forgetting it would leave Redis
// sending messages that nobody wants, until the connection ends.
void hub::give_up(channel& c) noexcept
{
    try {
        broker_.unsubscribe(c.name());
    } catch (std::bad_alloc const&) {
        return arm(c, options_.linger);
    }
    channels_.erase(channels_.find(c.name()));
}

void hub::on_up() { subscribe_to_all(); }

// Every channel is unconfirmed from now on. Empty ones are erased: nobody wants them back. Those
// who still wait for their first confirmation get at most confirm_timeout more; those who were
// subscribed wait without a deadline and notice nothing.
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

// One call with all names; how many go into one command is the broker's business.
void hub::subscribe_to_all()
{
    std::vector<std::string_view> names;
    names.reserve(channels_.size());
    for (auto const& c : channels_) names.push_back(c->name());
    if (!names.empty()) broker_.subscribe(names);
}

// A channel that is not in the table was refused or erased meanwhile.
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

std::size_t hub::max_packet() const
{
    // What the event adds to the text.
    constexpr std::size_t around = 1'024;
    return 2 * options_.max_message + around;
}

// Checks the size twice: of the payload, since it is cheap, and of the encoded frame, which
// deliver() has to make first.
void hub::on_message(std::string_view name, std::string_view payload)
{
    bool const is_entry = payload.starts_with(entry_mark);
    std::size_t const more = is_entry ? hub_options::entry_overhead : 0;
    if (payload.size() > options_.max_message + more) return on_passed_over(name, payload.size());
    // An unconfirmed channel's message is left over from a subscription that was given up. Those
    // who have joined since were not promised it, and would get it before SUBSCRIPTION_OK.
    channel* const c = find(name);
    if (!c || !c->confirmed_) return;
    if (is_entry) return on_entry(*c, payload.substr(1));
    if (!c->deliver(payload, max_packet())) note_large(payload.size());
}

void hub::on_entry(channel& c, std::string_view published)
{
    auto const p = parse_published(published);
    if (!p) {
        ++undelivered_.malformed;
        return;
    }
    c.take(p->entry);
    if (receipts_ && !p->receipt.channel.empty())
        receipts_->on_receipt_asked(c.name(), p->entry.where, p->receipt);
}

entry_reach hub::reach_of(std::string_view channel, position const& where) const
{
    auto const* const c = find(channel);
    return c ? c->reach_of(where) : entry_reach{};
}

void hub::on_passed_over(std::string_view name, std::size_t bytes)
{
    channel* const c = find(name);
    if (!c || !c->confirmed_) return;
    c->pass_over(bytes);
    note_large(bytes);
}

void hub::note_large(std::size_t bytes) noexcept
{
    ++undelivered_.too_large;
    undelivered_.newest_bytes = bytes;
}

}  // namespace notify
