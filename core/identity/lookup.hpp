// SPDX-License-Identifier: MIT
//
// A question of identity, its answer, and who waits for it: often several, since
// the tabs of one browser ask the same at the same time.
//
// Belongs to one shard. Whoever waits may go away at any time.
#pragma once

#include "contract/internal_event.hpp"
#include "contract/user_id.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

struct refusal {
    internal_code code;
    std::string message;  // one sentence, without secrets: it is shown to the client
    // For the log, where it says more: a client need not know where Redis is.
    std::string detail{};
    // Redis has not done what it was asked, since it is the wrong one (server_facts.hpp):
    // over its next connection the same question may be answered.
    bool ask_again = false;

    [[nodiscard]] std::string const& for_log() const { return detail.empty() ? message : detail; }
};

using identity_answer = boost::system::result<user_id, refusal>;

// Stops waiting when destroyed.
class identity_listener : public boost::intrusive::list_base_hook<
                              boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // Told once for each lookup it was added to.
    virtual void on_identity(identity_answer const& who) = 0;

protected:
    ~identity_listener() = default;
};

class lookup {
public:
    // REQUIRES: l waits for nothing else.
    void add(identity_listener& l) { waiting_.push_back(l); }

    // Whether anybody still waits.
    [[nodiscard]] bool wanted() const { return !waiting_.empty(); }

    // Tells all who still wait. They may destroy each other meanwhile.
    void finish(identity_answer const& who)
    {
        while (!waiting_.empty()) {
            identity_listener& l = waiting_.front();
            waiting_.pop_front();
            l.on_identity(who);
        }
    }

private:
    boost::intrusive::list<identity_listener, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace notify
