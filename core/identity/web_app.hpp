// SPDX-License-Identifier: MIT
//
// Asks the web app whose cookies these are (protocol.md 1.1): a GET with the
// browser's Cookie header, answered {"ok":true,"userId":"123"}. Equal cookies
// asked for at the same time are one request.
//
// Belongs to one shard.
#pragma once

#include "base/result.hpp"
#include "http/http_client.hpp"
#include "identity/lookup.hpp"
#include "identity/user_id.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace notify {

// What an answer of the web app says. The error says why it names nobody.
[[nodiscard]] result<user_id> parse_web_app_answer(http_reply const& reply);

class web_app {
public:
    // REQUIRES: outlives its requests; client stopped before it goes.
    web_app(net::io_context& loop, http_url url, http_client_options options = {});

    // Has l told who sent this Cookie header. Cookies with control characters,
    // or none at all, are nobody's; l is then told before this returns.
    void ask(std::string_view cookie, identity_listener& l);

    void stop() { client_.stop(); }

private:
    struct telling;

    net::awaitable<void> look_up(std::string cookie);

    net::io_context& loop_;
    http_client client_;
    std::unordered_map<std::string, std::shared_ptr<lookup>> under_way_;  // by Cookie header
    std::shared_ptr<char> alive_ = std::make_shared<char>();              // coroutines watch it
};

}  // namespace notify
