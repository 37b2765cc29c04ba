// SPDX-License-Identifier: MIT
//
// The sessions of one shard by their id. It owns them: a session lives from
// insert() to erase(), or a little longer for who holds a reference.
#pragma once

#include "session/session.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace notify::eio {

class session_table {
public:
    void insert(boost::intrusive_ptr<session> s) { sessions_.insert(std::move(s)); }
    void erase(session const& s) { sessions_.erase(s.id()); }
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }

    // Returns the session, or null.
    [[nodiscard]] boost::intrusive_ptr<session> find(std::string_view id) const
    {
        auto const found = sessions_.find(id);
        return found == sessions_.end() ? nullptr : *found;
    }

    // All sessions as they are now; for the end of the shard.
    [[nodiscard]] std::vector<boost::intrusive_ptr<session>> all() const
    {
        return {sessions_.begin(), sessions_.end()};
    }

private:
    // Ids are random, so any eight bytes of one are a hash. The first two name
    // the shard and are left out. Strangers choose what is looked up, not what
    // is stored.
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
