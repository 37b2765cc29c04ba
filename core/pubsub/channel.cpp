// SPDX-License-Identifier: MIT
#include "pubsub/channel.hpp"

#include "pubsub/hub.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace notify {

namespace {

// One message in the form of each feed. Seldom more than one feed is on a channel, so the list
// stays on the stack, but they may take turns in the list of subscribers.
template <class Message>
class message_forms {
public:
    message_forms(Message const& m, std::size_t bytes, std::size_t max_packet)
        : message_{m}, bytes_{bytes}, max_packet_{max_packet}
    {
    }

    // Gives s its form, or tells it that it is too large or that there is no memory for it.
    void give(subscriber& s, feed const& f) noexcept
    {
        try {
            form const& made = form_for(f);
            if (made.fits) return s.on_message(made.encoded);
            all_fit_ = false;
            s.on_too_large(bytes_);
        } catch (std::exception const& e) {
            s.on_missed(e);
        }
    }

    [[nodiscard]] bool all_fit() const { return all_fit_; }

private:
    struct form {
        feed const* of;
        frame encoded;
        bool fits;
    };

    form const& form_for(feed const& f)
    {
        auto const found = std::find_if(forms_.begin(), forms_.end(),
                                        [&f](form const& known) { return known.of == &f; });
        if (found != forms_.end()) return *found;
        frame encoded = f.encode(message_);
        bool const fits = encoded.packet().size() <= max_packet_;
        return *forms_.insert(found, form{&f, std::move(encoded), fits});
    }

    boost::container::small_vector<form, 2> forms_;
    Message const& message_;
    std::size_t const bytes_;
    std::size_t const max_packet_;
    bool all_fit_ = true;
};

}  // namespace

subscriber::subscriber(feed const& f) : feed_{&f} {}

subscriber::~subscriber()
{
    if (channel_) channel_->remove(*this);
}

std::string_view subscriber::channel_name() const
{
    return channel_ ? channel_->name() : std::string_view{};
}

std::optional<position> subscriber::where() const
{
    return channel_ && told_ ? channel_->where() : std::nullopt;
}

// All that may throw comes before s is linked.
void channel::add(subscriber& s, log_start const& from)
{
    if (reads_ && from.what != log_start::kind::end) {
        auto r = std::make_unique<replay>(*this, *reads_, s, from);
        if (confirmed_) r->confirm();
        replays_.push_back(*r);
        s.replay_ = std::move(r);
    }
    subscribers_.push_back(s);
    ++size_;
    s.channel_ = this;
    await_confirmation(s);
}

// Of several subscribers that wait, the first one's deadline counts for all: a channel has one
// timer. If s is alone, that timer may be the linger's.
void channel::await_confirmation(subscriber& s)
{
    s.told_ = ready() && !s.replay_;
    if (ready()) disarm();
    if (s.told_)
        s.on_subscribed(where());
    else if (!ready() && (size_ == 1 || !armed()))
        hub_.arm(*this, hub_.options().confirm_timeout);
}

// Only unlinks. It tells neither the hub nor the subscriber, so that callers may go on walking the
// list.
void channel::take_off(subscriber& s)
{
    s.unlink();
    s.channel_ = nullptr;
    s.replay_.reset();
    --size_;
}

void channel::remove(subscriber& s)
{
    take_off(s);
    if (idle()) hub_.on_idle(*this);
}

// A second confirmation without a loss in between answers a repeated question; nothing was missed,
// so nobody is told again. After a loss, those who were subscribed are told that they may have
// missed what was sent live.
void channel::confirm()
{
    bool const repeated = std::exchange(confirmed_, true);
    if (!repeated) {
        for (subscriber& s : subscribers_)
            if (s.told_) s.on_resubscribed();
        if (reads_) confirm_log();
        for (replay& r : replays_) r.confirm();
    }
    if (ready()) tell_waiting();
}

void channel::unconfirm()
{
    confirmed_ = false;
    lose_log();
    for (replay& r : replays_) r.lose();
}

void channel::tell_waiting()
{
    disarm();
    for (subscriber& s : subscribers_)
        if (!s.replay_ && !std::exchange(s.told_, true)) s.on_subscribed(where());
    if (idle()) hub_.on_idle(*this);
}

// The hot path: one call per message, one turn of the loop per tab.
//
// Nothing here may join, leave or end a session (see subscriber), so the loop needs no copy of the
// list. Who has not been told that it is subscribed was not promised this message.
bool channel::deliver(std::string_view payload, std::size_t max_packet)
{
    message_forms forms{payload, payload.size(), max_packet};
    for (subscriber& s : subscribers_)
        if (s.told_) forms.give(s, *s.feed_);
    return forms.all_fit();
}

void channel::take(stored_entry const& e)
{
    if (!reads_) return deliver(e);
    take_entry(e);
    for (replay& r : replays_) r.take(e);
    end_replays();
}

void channel::on_answer(std::uint64_t number, log_answer const& answer)
{
    log_follower::on_answer(number, answer);
    if (ready()) tell_waiting();
    end_replays();
}

void channel::deliver(stored_entry const& e) noexcept
{
    show(e, [this](auto const& give) {
        for (subscriber& s : subscribers_)
            if (s.told_) give(s);
    });
}

void channel::deliver_to(subscriber& s, stored_entry const& e) noexcept
{
    show(e, [&s](auto const& give) { give(s); });
}

// Does with each subscriber what has to be done with the entry. to_each is called with a function
// that takes one.
template <class ToEach>
void channel::show(stored_entry const& e, ToEach const& to_each) noexcept
{
    using type = stored_entry::type;
    switch (e.what) {
    case type::replaced: return;
    case type::unreadable: return to_each([](subscriber& s) { s.on_gap(); });
    case type::too_large:
        hub_.note_large(e.fields.size());
        return to_each([&e](subscriber& s) { s.on_too_large(e.fields.size()); });
    case type::notification:
    case type::read: break;
    }
    if (is_expired(e)) return;
    message_forms forms{e, e.fields.size(), hub_.max_packet()};
    to_each([&forms](subscriber& s) { forms.give(s, *s.feed_); });
    if (!forms.all_fit()) hub_.note_large(e.fields.size());
}

// Of a channel that has not come so far nobody has the entry yet; one in another history has passed
// it by.
entry_reach channel::reach_of(position const& p) const
{
    entry_reach reach;
    bool const is_passed = !is_reading() || (where() && where()->at >= p.at);
    for (subscriber const& s : subscribers_)
        ++(is_passed && s.told_ && s.has_written() ? reach.written : reach.waiting);
    return reach;
}

void channel::reset() noexcept
{
    for (subscriber& s : subscribers_)
        if (s.told_) s.on_gap();
}

void channel::pass_over(std::size_t bytes) noexcept
{
    for (subscriber& s : subscribers_)
        if (s.told_) s.on_too_large(bytes);
}

void channel::end_replays()
{
    for (auto i = replays_.begin(); i != replays_.end();) on_replayed(*i++);
}

// Where they stand apart with nothing left to read, the channel has not heard of an entry, or the
// log was made anew since one of them has read it. Both read again: one of them would have to wait
// for the next entry otherwise.
void channel::on_replayed(replay& r)
{
    if (!ready() || is_reading() || !r.settled()) return;
    if (where() && r.where() && where() != r.where()) {
        read_log_again();
        return r.read_again();
    }
    subscriber& s = r.of();
    auto const at = where() ? where() : r.where();
    s.replay_.reset();
    s.told_ = true;
    s.on_subscribed(at);
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

// A confirmed channel without subscribers has lingered: give_up() destroys it.
void channel::on_timer(time_ms) noexcept
{
    if (confirmed_ && idle()) return hub_.give_up(*this);  // nobody came back
    fail_waiting();
    if (idle()) hub_.on_idle(*this);
}

}  // namespace notify
