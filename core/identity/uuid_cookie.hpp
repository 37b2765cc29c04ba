// SPDX-License-Identifier: MIT
//
// uuidCookies (docs/protocol.md, uuidCookies): the web app puts "this uuid is that user" into
// Redis for some seconds and gives the uuid to the page, which hands it to the
// gateway, which reads and deletes it in one step. A uuid is a secret: it is
// never logged and never part of an error.
#pragma once

#include "base/unique_function.hpp"
#include "contract/user_id.hpp"
#include "identity/lookup.hpp"
#include "redis/redis_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

// What a client may send as a uuid: 1 to 128 printable ASCII characters, no space.
[[nodiscard]] bool is_uuid_like(std::string_view text);

// Whether an error says what an unreadable value holds: to those who could read it
// anyway, not to whoever sent its uuid, nor to the log. A user id that is refused is
// shown to all.
enum class shows_value : bool { no, yes };

// The user in a uuidCookie's value: {"userId":"123"}, {"userId":123}, 123 or "123".
[[nodiscard]] result<user_id> parse_uuid_cookie_value(std::string_view value,
                                                      shows_value shows = shows_value::yes);

// The cookies under one prefix. Used by the gateway on the shard's thread, and by
// the tools. All errors are refusals: redis_failed or unknown_uuid.
class uuid_cookies {
public:
    using milliseconds = std::chrono::milliseconds;
    using handler = unique_function<void(identity_answer const&)>;

    static constexpr std::string_view default_prefix = "cookie-";
    static constexpr milliseconds default_ttl{5000};

    struct validity {
        user_id user;
        std::optional<milliseconds> left;  // nothing: it does not expire
    };

    // REQUIRES: redis outlives this, and what was begun on it.
    uuid_cookies(redis::redis_client& redis, std::string prefix = std::string{default_prefix})
        : redis_{redis}, prefix_{std::move(prefix)}
    {
    }

    // Tells h whose this uuid is, and makes it invalid. Never from within the call.
    void consume(std::string_view uuid, handler h);

    // How uuidCookies can be taken from this Redis: GETDEL, or where there is none
    // (before 6.2) or it is not allowed, by a script. `why` says what forbids both.
    enum class way : std::uint8_t { getdel, script, neither };
    using way_handler = unique_function<void(way, std::string_view why)>;

    // Finds out, by taking the cookie of a uuid that nobody has. For each new
    // connection: Redis may be another one. h is told nothing if Redis is lost, or
    // says that it is the wrong one.
    void find_way(way_handler h);

    // Makes a new uuid for user. REQUIRES: ttl > 0.
    [[nodiscard]] net::awaitable<result<std::string>> mint(user_id user, milliseconds ttl);

    // Looks, and leaves it as it is.
    [[nodiscard]] net::awaitable<boost::system::result<validity, refusal>> check(std::string uuid);

    // Returns false if there was no such uuid.
    [[nodiscard]] net::awaitable<result<bool>> revoke(std::string uuid);

private:
    using reply_handler = redis::redis_client::handler;

    void take(std::string const& key, reply_handler h);
    void take_by_script(std::string_view key, reply_handler h);
    [[nodiscard]] std::string key(std::string_view uuid) const;

    redis::redis_client& redis_;
    std::string const prefix_;
    bool by_script_ = false;  // GETDEL was refused
};

}  // namespace notify
