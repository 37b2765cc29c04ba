// SPDX-License-Identifier: MIT
//
// The sessions of one shard by their ids. The table owns them: a session lives from insert() to
// erase(), and longer only while somebody holds a reference, such as a request that is being
// served.
//
// Each request over polling looks its session up here by an id that a stranger may have made up.
// Belongs to one shard.
#pragma once

#include "session/session.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstring>
#include <iterator>
#include <string_view>
#include <vector>

namespace notify::eio {

class session_table {
public:
    // REQUIRES: no session of this id is there; ids are random, so a second one is a bug.
    void insert(boost::intrusive_ptr<session> s) { sessions_.insert(std::move(s)); }
    // Takes s out, if it is there; that may destroy it.
    void erase(session const& s) { sessions_.erase(s.id()); }
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }

    // Returns the session of this id, or null. id may be any text.
    [[nodiscard]] boost::intrusive_ptr<session> find(std::string_view id) const
    {
        auto const found = sessions_.find(id);
        return found == sessions_.end() ? nullptr : *found;
    }

    // Returns all sessions as they are now, or n of them, in no order, for the end of the shard. A
    // copy, since closing a session erases it. REQUIRES: n <= size().
    [[nodiscard]] std::vector<boost::intrusive_ptr<session>> all() const { return some(size()); }
    [[nodiscard]] std::vector<boost::intrusive_ptr<session>> some(std::size_t n) const
    {
        return {sessions_.begin(), std::next(sessions_.begin(), static_cast<std::ptrdiff_t>(n))};
    }

private:
    // Hash and equality by id. Ids are random, so eight characters of one are a hash as they are.
    // The first two name the shard and are the same for all, so the last eight are taken. No keyed
    // hash is needed: strangers choose what is looked up, but not what is stored, so they cannot
    // make a bucket long.
    struct by_id {
        using is_transparent = void;
        std::size_t operator()(std::string_view id) const
        {
            std::size_t hash = 0;
            if (id.size() >= 20) std::memcpy(&hash, id.data() + 12, sizeof hash);
            return hash;
        }
        std::size_t operator()(boost::intrusive_ptr<session> const& s) const
        {
            return (*this)(s->id());
        }
        bool operator()(std::string_view a, boost::intrusive_ptr<session> const& b) const
        {
            return a == b->id();
        }
        bool operator()(boost::intrusive_ptr<session> const& a, std::string_view b) const
        {
            return a->id() == b;
        }
        bool operator()(boost::intrusive_ptr<session> const& a,
                        boost::intrusive_ptr<session> const& b) const
        {
            return a->id() == b->id();
        }
    };

    boost::unordered_flat_set<boost::intrusive_ptr<session>, by_id, by_id> sessions_;
};

}  // namespace notify::eio
