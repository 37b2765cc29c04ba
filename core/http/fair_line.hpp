// SPDX-License-Identifier: MIT
//
// A line in which turns go round among clients, each one's own in the order in which
// they came: whoever has one in it waits for a round at most, however many another
// one has. T is what waits; a client is a number.
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

    [[nodiscard]] std::size_t size_of(client whose) const
    {
        auto const l = lines_.find(whose);
        return l == lines_.end() ? 0 : l->second.size();
    }

    void push(client whose, T t)
    {
        std::list<T> one;
        one.push_back(std::move(t));
        std::size_t const had = size_of(whose);
        auto const place = by_size_.emplace(had + 1, whose).first;
        try {
            auto& own = lines_[whose];
            own.splice(own.end(), one);
        } catch (...) {  // no memory: as if nothing had been tried
            by_size_.erase(place);
            throw;
        }
        by_size_.erase({had, whose});
        ++size_;
    }

    // Takes the next one out. REQUIRES: not empty.
    T pop()
    {
        auto next = lines_.upper_bound(last_);
        if (next == lines_.end()) next = lines_.begin();
        last_ = next->first;
        return pop_oldest_of(last_);
    }

    // Takes out a client's oldest one. REQUIRES: it has one in the line.
    T pop_oldest_of(client whose)
    {
        auto const l = lines_.find(whose);
        T t = std::move(l->second.front());
        l->second.pop_front();
        shrunk(l, 1);
        return t;
    }

    // Takes out the one that makes room for the newest: the oldest of the client that
    // has the most, which is the newcomer if nobody has more than it. The oldest, since
    // whoever asks again and again has given that one up first. REQUIRES: newcomer has
    // one in the line.
    T pop_crowding(client newcomer)
    {
        auto const [most, who] = *by_size_.rbegin();
        return pop_oldest_of(most > size_of(newcomer) ? who : newcomer);
    }

    // Does nothing if it is not there.
    void remove(client whose, T const& t)
    {
        auto const l = lines_.find(whose);
        if (l != lines_.end()) shrunk(l, l->second.remove(t));
    }

    template <class F>
    void for_each(F f) const
    {
        for (auto const& l : lines_)
            for (T const& t : l.second) f(t);
    }

private:
    using lines = std::map<client, std::list<T>>;

    void shrunk(typename lines::iterator l, std::size_t by)
    {
        if (by == 0) return;
        size_ -= by;
        auto place = by_size_.extract({l->second.size() + by, l->first});
        if (l->second.empty()) {
            lines_.erase(l);
        } else {  // the same node again: this takes no memory
            place.value().first = l->second.size();
            by_size_.insert(std::move(place));
        }
    }

    lines lines_;                                       // none is empty
    std::set<std::pair<std::size_t, client>> by_size_;  // how many each one has
    std::size_t size_ = 0;
    client last_ = 0;  // had the last turn
};

}  // namespace notify
