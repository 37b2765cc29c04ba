// SPDX-License-Identifier: MIT
//
// A waiting line that is fair to clients: turns go round among them, and what one client has in the
// line keeps its order. A client waits for one round at most, however many entries another one has.
//
// request_pacer keeps those in it who wait to ask the web app. There a client is the network that a
// request came from, so one stranger with thousands of sessions delays a login by one turn.
//
// Each client has a list of its own, in a map by client; a set of (length, client) finds the
// longest list. push and pop take O(log clients), remove also the length of that client's list:
// nothing walks through a crowd.
//
// T is what waits; it is movable, and comparable for remove(). Not safe for several threads.
//
// Invariants: no list is empty; by_size_ has exactly one pair for each list; size_ is their sum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <utility>

namespace notify {

template <class T>
class fair_line {
public:
    using client = std::uint64_t;

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }

    // Returns how many entries a client has.
    [[nodiscard]] std::size_t size_of(client whose) const
    {
        auto const l = lines_.find(whose);
        return l == lines_.end() ? 0 : l->second.size();
    }

    // Appends t to what this client has. Throws std::bad_alloc, and the line is as before: all
    // memory is taken before anything is changed.
    void push(client whose, T t)
    {
        std::list<T> one;
        one.push_back(std::move(t));
        std::size_t const had = size_of(whose);
        auto const place = by_size_.emplace(had + 1, whose).first;
        try {
            auto& own = lines_[whose];
            own.splice(own.end(), one);
        } catch (...) {  // no memory for the client's list
            by_size_.erase(place);
            throw;
        }
        by_size_.erase({had, whose});
        ++size_;
    }

    // Takes out the entry whose turn it is. REQUIRES: not empty.
    T pop()
    {
        // The next client by number after the last one, or the first: a round. Clients that join or
        // leave in between need no bookkeeping.
        auto next = lines_.upper_bound(last_);
        if (next == lines_.end()) next = lines_.begin();
        last_ = next->first;
        return pop_oldest_of(last_);
    }

    // Takes out a client's oldest entry. REQUIRES: the client has one.
    T pop_oldest_of(client whose)
    {
        auto const l = lines_.find(whose);
        T t = std::move(l->second.front());
        l->second.pop_front();
        shrunk(l, 1);
        return t;
    }

    // Takes out the entry that has to make room for the newest one: the oldest of the client that
    // has most, or of the newcomer if nobody has more. So whoever fills the line pays for it. The
    // oldest, because a client that asks again and again has given that one up first.
    // REQUIRES: newcomer has an entry in the line.
    T pop_crowding(client newcomer)
    {
        auto const [most, who] = *by_size_.rbegin();
        return pop_oldest_of(most > size_of(newcomer) ? who : newcomer);
    }

    // Takes out a client's entry that equals t, if there is one.
    void remove(client whose, T const& t)
    {
        auto const l = lines_.find(whose);
        if (l != lines_.end()) shrunk(l, l->second.remove(t));
    }

    // Calls f with each entry. REQUIRES: f does not change the line.
    template <class F>
    void for_each(F f) const
    {
        for (auto const& l : lines_)
            for (T const& t : l.second) f(t);
    }

private:
    using lines = std::map<client, std::list<T>>;

    // Restores the invariants after `by` entries were taken out of list l. Takes no memory.
    void shrunk(typename lines::iterator l, std::size_t by)
    {
        if (by == 0) return;
        size_ -= by;
        auto place = by_size_.extract({l->second.size() + by, l->first});
        if (l->second.empty()) {
            lines_.erase(l);
        } else {  // the same node again, since an insert might find no memory
            place.value().first = l->second.size();
            by_size_.insert(std::move(place));
        }
    }

    lines lines_;
    std::set<std::pair<std::size_t, client>> by_size_;  // the length of each client's list
    std::size_t size_ = 0;                              // entries of all clients
    client last_ = 0;                                   // had the last turn; may have left
};

}  // namespace notify
