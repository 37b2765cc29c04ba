// SPDX-License-Identifier: MIT
//
// uuidCookies (docs/protocol.md, uuidCookies): keys in Redis that say for some seconds "this uuid
// is that user".
//
//     SET cookie-0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11 {"userId":"12345"} EX 5 NX
//
// The web app writes the key and gives the uuid to its page; the page hands it to the gateway; the
// gateway reads and deletes it in one step, so that it works once. A uuid is a secret: it is never
// logged and never part of an error.
//
// The gateway asks by way of uuid_questions, on the thread of its shard. notify-token makes, shows
// and revokes them, notify-watch and the page of --dev make them.
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

// True for what a client may send as a uuid: 1 to 128 printable ASCII characters without a space.
// Not only UUIDs: a web app chooses its own form.
[[nodiscard]] bool is_uuid_like(std::string_view text);

// Whether an error quotes an unreadable value. `yes` is for the tools, whose users can read Redis
// anyway. `no` is for the gateway: the error goes to whoever sent the uuid, and to the log, and the
// key that it names need not be a uuidCookie at all. A user id that is refused is shown to all.
enum class shows_value : bool { no, yes };

// Returns the user in a uuidCookie's value: {"userId":"123"}, {"userId":123}, 123 or "123", of at
// most 4096 bytes. Other members are ignored. The error says what is wrong with the value.
[[nodiscard]] result<user_id> parse_uuid_cookie_value(std::string_view value,
                                                      shows_value shows = shows_value::yes);

// The uuidCookies under one prefix. Belongs to one thread, that of its redis_client. While Redis is
// away each call fails at once. What is a refusal has one of two codes: redis_failed if Redis could
// not be asked, unknown_uuid if it has no user for this uuid.
class uuid_cookies {
public:
    using milliseconds = std::chrono::milliseconds;
    using handler = unique_function<void(identity_answer const&)>;  // the answer during the call

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

    // Tells h whose this uuid is, and makes it invalid, also if its value is unreadable. h is
    // called later, from the event loop, and once; unless Redis' client is destroyed first. If the
    // connection breaks between question and answer, the uuid may be used up without an answer.
    void consume(std::string_view uuid, handler h);

    // How uuidCookies can be taken from this Redis: by GETDEL; or, if Redis has none (before 6.2)
    // or its ACL forbids it, by a script. `why` is Redis' error if it is neither, else empty.
    enum class way : std::uint8_t { getdel, script, neither };
    using way_handler = unique_function<void(way, std::string_view why)>;

    // Finds out, by taking the uuidCookie of a uuid that nobody has. To be called for each new
    // connection, since Redis may be another one then; the operator learns in the log what is
    // missing before the first client does. h is called from the event loop; not at all if Redis is
    // lost, or says that it is the wrong one: the next connection asks again.
    void find_way(way_handler h);

    // Makes a uuidCookie for user and returns its uuid, a random one. It expires after ttl. An
    // error, if Redis cannot be asked or refuses, is a sentence. REQUIRES: ttl > 0; this outlives
    // the coroutine.
    [[nodiscard]] net::awaitable<result<std::string>> mint(user_id user, milliseconds ttl);

    // Returns whose uuid this is and for how long, and leaves it as it is.
    [[nodiscard]] net::awaitable<boost::system::result<validity, refusal>> check(std::string uuid);

    // Deletes it. Returns false if there was no such uuid.
    [[nodiscard]] net::awaitable<result<bool>> revoke(std::string uuid);

private:
    using reply_handler = redis::redis_client::handler;

    // Reads and deletes a key in one step, and gives h the reply: a string, nil or an error.
    void take(std::string const& key, reply_handler h);
    void take_by_script(std::string_view key, reply_handler h);
    [[nodiscard]] std::string key(std::string_view uuid) const;

    redis::redis_client& redis_;
    std::string const prefix_;
    bool by_script_ = false;  // GETDEL was refused on this connection, and EVAL was not
};

}  // namespace notify
