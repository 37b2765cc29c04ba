// SPDX-License-Identifier: MIT
//
// Random sends, marks and reads against a model that counts in the plainest way: by looking at all.
#include "contract/position.hpp"
#include "redis/script_log.hpp"
#include "support/catch.hpp"
#include "support/dice.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

using namespace notify;
using notify::test::dice;
using notify::test::script_log;

namespace {

class log_model : script_log {
public:
    // Of odd seeds most steps are sends, so that much changes between two marks.
    explicit log_model(std::uint64_t seed) : actions_{seed % 2 == 0 ? 8u : 40u}, dice_{seed} {}

    void step()
    {
        switch (dice_.below(actions_)) {
        case 0: mark_all(); break;
        case 1:
        case 2: mark_some(); break;
        case 3: read_from_somewhere(); break;
        case 4:
            if (dice_.one_in(actions_ == 8 ? 30 : 2)) lose();
            break;
        default: send_one();
        }
        check_count();
    }

private:
    struct entry {
        position where;
        bool unread = false;
        std::string key;
    };
    static constexpr std::size_t most = 12;

    void send_one()
    {
        texts options{"max-entries", std::to_string(most)};
        std::string key;
        if (dice_.one_in(3)) options.insert(options.end(), {"key", key = "k" + some(3)});
        std::string id;
        if (dice_.one_in(4)) options.insert(options.end(), {"id", id = "i" + some(40)});
        auto const w = send(R"({"message":"a"})", options);
        INFO(w.error);
        auto const first = sent_.find(id);
        if (!id.empty() && first != sent_.end()) {
            CHECK(w.receivers == -1);
            CHECK(w.position() == first->second);
            return;
        }
        CHECK(w.receivers == 0);
        if (!id.empty()) sent_.emplace(id, w.position());
        for (auto& e : log_)
            if (!key.empty() && e.key == key) e.unread = false;
        append(w.position(), {{}, true, key});
        while (log_.size() > most) log_.pop_front();
    }

    void mark_all()
    {
        bool const any = unread() > 0;
        auto const w = mark({"all"});
        for (auto& e : log_) e.unread = false;
        CHECK(w.id.empty() != any);
        if (any) append(w.position(), {});
    }

    // Names what is there, what is gone, marks, and things that never were.
    void mark_some()
    {
        texts ids;
        for (std::size_t i = 0; i <= dice_.below(3); ++i)
            ids.push_back(id_of(known_.empty() || dice_.one_in(20)
                                    ? position{1'732'657'160'000, dice_.below(20), 1}
                                    : known_[known_.size() - 1 - dice_.below(recent())]));
        std::size_t newly = 0;
        for (auto& e : log_)
            if (e.unread && std::find(ids.begin(), ids.end(), id_of(e.where)) != ids.end()) {
                e.unread = false;
                ++newly;
            }
        auto const w = mark(ids);
        CHECK(w.id.empty() == (newly == 0));
        CHECK(static_cast<std::size_t>(w.unread) == unread());
        if (newly > 0) append(w.position(), {});
    }

    void read_from_somewhere()
    {
        if (known_.empty()) return;
        position const from = known_[known_.size() - 1 - dice_.below(recent())];
        auto const f = read(to_text(from), {"100"});
        if (log_.empty()) return forget_begin(f.base);
        auto const at =
            std::find_if(log_.begin(), log_.end(), [&](entry const& e) { return e.where == from; });
        CHECK(f.what == (at == log_.end() ? "gone" : "follows"));
        texts expected;
        for (auto const& e : log_)
            if (e.where.number != 0 && e.where.at > from.at) expected.push_back(to_text(e.where));
        texts got;
        for (auto const& e : f.entries) got.push_back(e.substr(0, e.find(' ')));
        CHECK(got == expected);
    }

    // The log goes, and what stands beside it stays.
    void lose()
    {
        server.command({"DEL", channel});
        log_.clear();
    }

    // A read has begun the log.
    void forget_begin(std::string const& base)
    {
        REQUIRE(parse_position(base));
        log_.push_back({*parse_position(base), false, {}});
    }

    void append(std::string const& text, entry e)
    {
        auto const where = parse_position(text);
        REQUIRE(where);
        if (!log_.empty()) REQUIRE(log_.back().where.precedes(*where));
        e.where = *where;
        log_.push_back(std::move(e));
        known_.push_back(*where);
    }

    void check_count()
    {
        if (log_.empty()) return;
        auto const expected =
            to_text(log_.back().where) + R"( {"unread":)" + std::to_string(unread());
        REQUIRE(last().substr(0, expected.size()) == expected);
        REQUIRE(last()[expected.size()] != '0');
    }

    [[nodiscard]] std::size_t unread() const
    {
        return static_cast<std::size_t>(
            std::count_if(log_.begin(), log_.end(), [](entry const& e) { return e.unread; }));
    }
    static std::string id_of(position const& p)
    {
        return std::to_string(p.epoch) + '-' + std::to_string(p.number);
    }
    std::string some(std::size_t n) { return std::to_string(dice_.below(n)); }
    [[nodiscard]] std::size_t recent() const { return std::min(known_.size(), 2 * most); }

    std::size_t const actions_;
    dice dice_;
    std::deque<entry> log_;                    // all that the log has, its beginning included
    std::vector<position> known_;              // all that was ever in it
    std::map<std::string, std::string> sent_;  // by idempotent id
};

}  // namespace

TEST_CASE("sends, marks and reads agree with a model that counts by looking at all",
          "[redis][integration]")
{
    auto const seed = GENERATE(range(1, 5));
    INFO("seed " << seed);
    log_model model{static_cast<std::uint64_t>(seed)};
    for (int i = 0; i < 800; ++i) {
        INFO("step " << i);
        model.step();
    }
}
