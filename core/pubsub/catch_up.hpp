// SPDX-License-Identifier: MIT
//
// Decides for one channel which stored entries its subscribers get: each once, in order,
// and none left out without saying so. Live entries, confirmations, losses and answers of
// the log go in; what to deliver, what to read and where there is a gap come out.
//
// It stands at the position of the last entry that it delivered.
// - A live entry that comes directly after that is delivered, one that came before it is
//   dropped, and any other has the log read from that position.
// - After each confirmation of a subscription the log is read first: entries were missed,
//   or Redis may be another one, whose history gives our position to another entry.
// - What arrives live during a read is kept and delivered after it. What arrived before a
//   read was asked for was in the log by then, so its answer settles that entry too.
// - If the log no longer has the position, or cannot be read, there is a gap.
//
// What a failover takes away before it was delivered here is not noticed: nothing in the
// log that is left tells of it.
//
// Owned by its channel: 32 bytes, and nothing allocated unless a read is going on.
#pragma once

#include "contract/stored_entry.hpp"
#include "pubsub/message_log.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace notify {

class catch_up {
public:
    // What is kept of live entries during a read. Others are read from the log afterwards.
    static constexpr std::size_t max_kept = 64;
    static constexpr std::size_t max_kept_bytes = 65'536;
    // So many reads in a row that failed are a gap.
    static constexpr unsigned max_failures = 3;

    // Does what is decided, in the order of the calls. None of them calls back.
    class owner {
    public:
        virtual void deliver(stored_entry const& e) noexcept = 0;
        // Asks the log what follows a position, or for its end (see message_log). Just before,
        // so many reads have failed: the more, the longer this one may be put off. Returns
        // the number of the read, which no other bears.
        virtual std::uint64_t read(std::optional<position> const& from,
                                   unsigned failures) noexcept = 0;
        // What is delivered from now on does not follow what was delivered before. Subscribers
        // who have begun are to be told that there is a gap; the others begin here.
        virtual void reset() noexcept = 0;

    protected:
        ~owner() = default;
    };

    catch_up();
    ~catch_up();

    // What it stands at: the last entry that was delivered, or where the log ended when the
    // subscription began. Nothing if the log could not say.
    [[nodiscard]] std::optional<position> where() const;

    [[nodiscard]] bool reading() const { return reading_ != nullptr; }
    // The number of the read that is going on; 0 if none is.
    [[nodiscard]] std::uint64_t read_number() const;

    // Subscribed, and done with the first read after the confirmation: whoever begins now begins at
    // where(), and misses nothing after it.
    [[nodiscard]] bool ready() const;

    // The next two throw std::bad_alloc without memory, and are then as if not called.

    // The channel is subscribed to, and live entries arrive from now on.
    void on_confirmed(owner& o);
    // An entry arrived live.
    void on_entry(stored_entry const& e, owner& o);

    // An answer to a read; one to an older read than the last changes nothing.
    void on_answer(std::uint64_t number, log_answer const& answer, owner& o);

    // The subscription is gone. A read that is going on is given up.
    void on_lost();

private:
    enum class phase : std::uint8_t {
        away,    // not subscribed
        unsure,  // subscribed, and not known to stand in the log's history
        live,
    };

    struct live_entries;

    [[nodiscard]] bool known() const { return epoch_ != 0; }
    [[nodiscard]] bool precedes(position const& p) const;
    [[nodiscard]] bool covers(position const& p) const;
    [[nodiscard]] bool newer(position const& p) const { return !known() || p.at > at_; }
    void stand_at(position const& p);
    void deliver(stored_entry const& e, owner& o);
    void deliver_or_reset(stored_entry const& e, owner& o);
    void ask(owner& o);
    void settle(owner& o);
    void on_failure(owner& o);
    void give_up(owner& o);

    // A position, by its parts: so the phase finds room in it.
    std::uint64_t epoch_ : 56 = 0;  // 0 if it stands nowhere yet
    phase phase_ = phase::away;
    std::uint64_t number_ = 0;
    std::uint64_t at_ = 0;
    std::unique_ptr<live_entries> reading_;  // while a read is going on
};

}  // namespace notify
