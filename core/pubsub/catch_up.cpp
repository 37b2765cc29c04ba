// SPDX-License-Identifier: MIT
#include "pubsub/catch_up.hpp"

#include <string>
#include <utility>
#include <vector>

namespace notify {

// What has arrived live while the log is being read.
struct catch_up::live_entries {
    struct entry {
        stored_entry said;  // but for its fields
        std::string fields;

        [[nodiscard]] stored_entry view() const
        {
            stored_entry e = said;
            e.fields = fields;
            return e;
        }
    };

    void keep(stored_entry const& e)
    {
        if (kept.size() == max_kept || bytes + e.fields.size() > max_kept_bytes) {
            overflowed = true;
            return;
        }
        kept.push_back({e, std::string{e.fields}});
        bytes += e.fields.size();
    }

    void forget_first(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) bytes -= kept[i].fields.size();
        kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(count));
    }

    std::vector<entry> kept;  // in the order of arrival
    std::size_t settled = 0;  // so many of them arrived before the read was asked for
    std::size_t bytes = 0;    // of their texts
    bool overflowed = false;  // more arrived, which only the log has
    unsigned failures = 0;    // of reads, in a row
    std::uint64_t number = 0;
};

static_assert(sizeof(catch_up) == 32, "there is one for each user");

catch_up::catch_up() = default;

catch_up::~catch_up() = default;

std::optional<position> catch_up::where() const
{
    if (!known()) return std::nullopt;
    return position{epoch_, number_, at_};
}

bool catch_up::ready() const
{
    return phase_ == phase::live || (phase_ == phase::unsure && !reading_);
}

std::uint64_t catch_up::read_number() const { return reading_ ? reading_->number : 0; }

bool catch_up::precedes(position const& p) const
{
    return known() && position{epoch_, number_, at_}.precedes(p);
}

// Whether what is at p was delivered, or precedes what was. Not if it is of a later time:
// then its number was given anew, by another history.
bool catch_up::covers(position const& p) const
{
    return p.epoch == epoch_ && p.number <= number_ && p.at <= at_;
}

void catch_up::stand_at(position const& p)
{
    constexpr std::uint64_t all_bits = (std::uint64_t{1} << 56) - 1;
    epoch_ = p.epoch & all_bits;
    number_ = p.number;
    at_ = p.at;
}

void catch_up::deliver(stored_entry const& e, owner& o)
{
    stand_at(e.where);
    o.deliver(e);
}

// Delivers an entry that is newer than all that were.
void catch_up::deliver_or_reset(stored_entry const& e, owner& o)
{
    if (known() && !precedes(e.where)) o.reset();
    deliver(e, o);
}

void catch_up::on_confirmed(owner& o)
{
    if (phase_ != phase::away) return;  // confirmed twice; nothing was lost in between
    reading_ = std::make_unique<live_entries>();
    phase_ = phase::unsure;
    ask(o);
}

void catch_up::on_lost()
{
    phase_ = phase::away;
    reading_.reset();
}

void catch_up::on_entry(stored_entry const& e, owner& o)
{
    if (phase_ == phase::away) return;
    if (reading_) return reading_->keep(e);
    if (phase_ == phase::live && precedes(e.where)) return deliver(e, o);
    if (covers(e.where)) return;
    if (!known()) {  // the log never said where it ends: what came before e, nobody knows
        phase_ = phase::live;
        o.reset();
        return deliver(e, o);
    }
    auto missing = std::make_unique<live_entries>();
    missing->keep(e);
    reading_ = std::move(missing);
    ask(o);
}

void catch_up::ask(owner& o)
{
    reading_->settled = reading_->kept.size();
    reading_->overflowed = false;
    reading_->number = o.read(where(), reading_->failures);
}

void catch_up::on_answer(std::uint64_t number, log_answer const& answer, owner& o)
{
    if (!reading_ || number != reading_->number) return;
    bool const gone = answer.what == log_answer::outcome::gone;
    bool const says_nothing = answer.entries.empty() && (answer.more || (gone && !answer.base));
    if (answer.what == log_answer::outcome::failed || says_nothing) return on_failure(o);
    reading_->failures = 0;
    if (gone) {
        stand_at(answer.base.value_or(position{}));
        o.reset();
    } else if (!known() && answer.base) {
        stand_at(*answer.base);
    }
    for (stored_entry const& e : answer.entries)
        if (!covers(e.where)) deliver_or_reset(e, o);
    answer.more ? ask(o) : settle(o);
}

// Now that the log has been read to its end, deals with what arrived meanwhile.
void catch_up::settle(owner& o)
{
    auto const& kept = reading_->kept;
    std::size_t done = 0;
    for (; done < kept.size(); ++done) {
        stored_entry const e = kept[done].view();
        if (precedes(e.where)) {
            deliver(e, o);
        } else if (covers(e.where)) {
            continue;
        } else if (done >= reading_->settled) {
            break;  // the log may have got it after the answer was made
        } else if (newer(e.where)) {
            o.reset();  // it was published, and the log has lost it
        }               // else it was in a log that is gone, which has been said
    }
    if (done == kept.size() && !reading_->overflowed) {
        phase_ = phase::live;
        reading_.reset();
    } else {
        reading_->forget_first(done);
        ask(o);
    }
}

void catch_up::on_failure(owner& o)
{
    if (++reading_->failures < max_failures) return ask(o);
    give_up(o);
}

// The log cannot be read: says that there is a gap, and goes on with what has arrived.
// Without any such entry the next one has the log read again.
void catch_up::give_up(owner& o)
{
    auto const read = std::move(reading_);
    phase_ = phase::unsure;
    o.reset();
    for (live_entries::entry const& e : read->kept) {
        if (!newer(e.said.where)) continue;
        if (phase_ == phase::live && !precedes(e.said.where)) o.reset();
        phase_ = phase::live;
        deliver(e.view(), o);
    }
}

}  // namespace notify
