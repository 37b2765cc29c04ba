// SPDX-License-Identifier: MIT
//
// One question of identity: its answer, and the list of those who wait for it. Often there are
// several, since the tabs of one browser ask the same at the same time.
//
// Clients leave while their question is under way, all the time. So a listener is linked into the
// list in place and leaves it when it is destroyed: nobody needs to ask whether it is still alive,
// and to wait takes no memory. Belongs to one shard.
#pragma once

#include "contract/internal_event.hpp"
#include "contract/user_id.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// Why a client is no user: what it is told (docs/protocol.md, The contract with pages), and what
// the log is told.
struct refusal {
    internal_code code;
    std::string message;  // one sentence without secrets: it is shown to the client
    // What the log says in place of message, if it is not empty: addresses and reasons that are the
    // operator's business, such as where Redis is.
    std::string detail{};
    // True if Redis has not carried out the question, since it is the wrong server (a replica, say;
    // redis/server_facts.hpp). Over its next connection the same question may be answered, and a
    // uuid that works once is not lost. uuid_questions looks at it, and nobody else.
    bool ask_again = false;

    [[nodiscard]] std::string const& for_log() const { return detail.empty() ? message : detail; }
};

// True if the same client would be refused again: nobody knows it. False if whoever would know
// could not be asked just now. The web app says which by its sentence, as it does to pages.
[[nodiscard]] inline bool is_final(refusal const& why)
{
    if (why.code != internal_code::cookies_refused) return why.code == internal_code::unknown_uuid;
    return why.message.starts_with("nobody is logged in") ||
           why.message == "the browser sent no cookies" ||
           why.message == "this gateway takes no cookies";
}

using identity_answer = boost::system::result<user_id, refusal>;

// Who waits for an answer. Leaves the list when it is destroyed.
class identity_listener : public boost::intrusive::list_base_hook<
                              boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // Called once for each lookup that it was added to, when it waits no more: it may ask again,
    // and may destroy itself or others. who is valid during the call. An exception would leave all
    // who wait behind it untold, so it lets none out (session::attempt).
    virtual void on_identity(identity_answer const& who) = 0;

protected:
    ~identity_listener() = default;
};

class lookup {
public:
    // Has l told by finish(), after those who were added before. REQUIRES: l is in no list.
    void add(identity_listener& l) { waiting_.push_back(l); }

    // True if anybody still waits. A question that nobody waits for need not be asked.
    [[nodiscard]] bool wanted() const { return !waiting_.empty(); }

    // Tells all who still wait, before it returns. They may destroy each other meanwhile: each is
    // taken from the head of the list before it is told. REQUIRES: this outlives the call.
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
