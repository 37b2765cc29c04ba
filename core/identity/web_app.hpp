// SPDX-License-Identifier: MIT
//
// Asks the web app who a browser is (docs/protocol.md, The web app): a GET with the headers that
// were kept of the browser's request, answered {"ok":true,"userId":"123"}.
//
// Equal headers are one question. Those who ask before it has been written share it;
// those who come later share the next one, which is written when this one has been
// answered: the web app may have looked before they logged in, or out.
//
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

// What an answer of the web app says: {"ok":true,"userId":"123"}, also without ok.
// The error says why it names nobody. Where nobody is logged in (401, 403, a
// redirection, an ok that is not true, or no user id) it begins with "nobody is
// logged in", which notify-client.js takes as final; anything else may pass.
[[nodiscard]] result<user_id> parse_web_app_answer(http_reply const& reply);

class web_app {
public:
    // REQUIRES: outlives its requests; client stopped before it goes.
    web_app(net::io_context& loop, http_url url, http_client_options options = {});

    // Has l told whose request this is. One that names nobody is answered before this
    // returns. REQUIRES: l waits for nothing else.
    void ask(eio::handshake const& request, identity_listener& l);

    void stop() { client_.stop(); }

private:
    struct asking;
    // By headers: who waits for the question that is not written yet; null while there
    // is only one that is.
    using questions = std::unordered_map<std::string, std::shared_ptr<lookup>, seeded_hash>;

    net::awaitable<void> look_up(questions::value_type& q, std::uint64_t client);

    net::io_context& loop_;
    http_client client_;
    questions next_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // coroutines watch it
};

}  // namespace notify
