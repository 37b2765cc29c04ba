// SPDX-License-Identifier: MIT
//
// Asks the web app who a browser is (docs/protocol.md, The web app): a GET with the headers that
// were kept of the browser's request, answered {"ok":true,"userId":"123"}.
//
// All those headers are sent, not the cookies alone, since sites bind a login to the browser's
// agent or address, and end one that comes from another.
//
// Equal headers are one question: ten tabs that come back together ask once. Whoever asks before
// the question has been written shares it. Whoever comes later shares the next one, which is
// written when this one has been answered: the web app may have looked at its session before that
// person logged in, or out. So in one shard there is never more than one request under way for one
// set of headers.
//
// http_client bounds how many requests there are and in which turns they go. Called by identity.
// Belongs to one shard.
#pragma once

#include "base/result.hpp"
#include "base/siphash.hpp"
#include "contract/user_id.hpp"
#include "http/http_client.hpp"
#include "identity/lookup.hpp"
#include "session/handshake.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace notify {

// Returns the user that an answer of the web app names: {"ok":true,"userId":"123"}, also without
// ok. The error says why it names nobody, and goes to the client. If nobody is logged in (401, 403,
// a redirection, an ok that is not true, or no user id), it begins with "nobody is logged in",
// which notify-client.js takes as final. Any other error may pass, and the page asks again.
[[nodiscard]] result<user_id> parse_web_app_answer(http_reply const& reply);

class web_app {
public:
    // url: what is asked. REQUIRES: loop outlives this; stop() is called before it is destroyed.
    // Coroutines that are still suspended then notice it, and touch it no more.
    web_app(net::io_context& loop, http_url url, http_client_options options = {});

    // Has l told whose request this is. A request without headers that could name a user is refused
    // before this returns, without asking. If all who wait have gone when the question's turn
    // comes, it is not asked. Throws std::bad_alloc if it cannot begin; l is not told then.
    // REQUIRES: l is in no lookup.
    void ask(eio::handshake const& request, identity_listener& l);

    // Has all who wait refused soon, and ends the requests that are under way.
    void stop() { client_.stop(); }

private:
    struct asking;
    // An entry for each set of headers that is being asked about; a coroutine (look_up) runs for
    // it and erases it. The value is who waits for the question that is not written yet: null if
    // one is written and nobody has come since. The key is what a stranger sent: hence the hash.
    using questions = std::unordered_map<std::string, std::shared_ptr<lookup>, seeded_hash>;

    net::awaitable<void> look_up(questions::value_type& q, std::uint64_t client);

    net::io_context& loop_;
    http_client client_;
    questions next_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // expires with this; look_up watches
};

}  // namespace notify
