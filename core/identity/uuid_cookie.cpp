// SPDX-License-Identifier: MIT
#include "identity/uuid_cookie.hpp"

#include "base/json.hpp"
#include "base/quoted.hpp"
#include "base/random.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace notify {

namespace {

using redis::reply;
using redis::reply_type;
using redis::reply_view;

// GETDEL for a Redis that has none (docs/protocol.md shows the same text). It is sent whole each
// time, by EVAL. EVALSHA would save some forty bytes, and would need a second try after each
// restart of Redis, and one more permission.
constexpr std::string_view get_and_delete =
    "local value = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return value";

// An honest value has some dozens of bytes. A larger one is somebody else's key, and not parsed.
constexpr std::size_t max_value = 4096;

// Returns what to do about an error of Redis, as the end of a sentence.
std::string_view advice_on(reply_view r)
{
    auto const text = r.text();
    if (text.starts_with("READONLY")) return "; name its master instead";
    if (text.starts_with("MOVED")) return "; cluster mode is not supported yet";
    return "";
}

error unexpected(reply_view r)
{
    if (!r.is_error()) return error{"Redis gave an unexpected answer"};
    return error{fmt::format("Redis refused: {}{}", redis::quoted_error(r), advice_on(r))};
}

// The client is told one sentence whatever went wrong with Redis; the log is told why.
refusal failed(std::string why)
{
    return {internal_code::redis_failed, "Redis cannot be asked now", std::move(why)};
}

refusal unknown(std::string why) { return {internal_code::unknown_uuid, std::move(why)}; }

// Returns the answer that is in the reply to GET or GETDEL. The uuid itself is in none of the
// sentences; Redis' error is quoted without the arguments of the command (quoted_error).
identity_answer user_of(reply_view r, shows_value shows)
{
    if (r.is_nil()) return unknown("this uuid is unknown, used up or expired");
    if (r.type() != reply_type::string) {
        auto why = failed(unexpected(r).message);
        why.ask_again = redis::is_wrong_server(r);
        return why;
    }
    auto user = parse_uuid_cookie_value(r.text(), shows);
    if (user) return std::move(*user);
    return unknown("unreadable uuidCookie: " + user.error().message);
}

// What is told if there is no memory for an answer. Made before main(), since it could not be made
// then.
identity_answer const without_memory = failed("out of memory");

// No answer came. The uuid may be used up, so the question must not be asked again; unless the
// connection was ended because its server is the wrong one, which carries nothing out.
identity_answer lost(std::string why, bool to_wrong_server)
{
    auto no_answer = failed(std::move(why));
    no_answer.ask_again = to_wrong_server;
    return no_answer;
}

// Tells h what became of a GETDEL, in any case: without a word, whoever asked would wait for ever.
void tell(uuid_cookies::handler& h, result<reply_view> const& r, redis::redis_client const& redis)
{
    std::optional<identity_answer> who;
    try {
        who = r ? user_of(*r, shows_value::no) : lost(r.error().message, redis.left_wrong_server());
    } catch (std::bad_alloc const&) {
    }
    h(who ? *who : without_memory);
}

}  // namespace

bool is_uuid_like(std::string_view text)
{
    return !text.empty() && text.size() <= 128 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

result<user_id> parse_uuid_cookie_value(std::string_view value, shows_value shows)
{
    auto const unreadable = [shows](std::string why) {
        return error{shows == shows_value::yes ? std::move(why)
                                               : R"(it should hold {"userId":"..."})"};
    };
    if (value.size() > max_value)
        return unreadable(fmt::format("the value has {} bytes", value.size()));
    auto parsed = parse_json(value);
    if (!parsed) return unreadable(fmt::format("{}: {}", in_quotes(value), parsed.error().message));
    json_scope const scope{*parsed};
    bool const is_object = parsed->is_object();
    auto const id = is_object ? parsed->find("userId") : parsed->end();
    if (is_object && id == parsed->end())
        return unreadable(fmt::format("{} has no userId", in_quotes(value)));
    auto user = user_id_of(is_object ? *id : *parsed);
    // What is wrong is the user id. What stands as a userId is meant to be one and no secret, so it
    // is shown to everybody; a bare value may be anything.
    if (user || (is_object && (id->is_string() || id->is_number()))) return user;
    return unreadable(std::move(user.error().message));
}

std::string uuid_cookies::key(std::string_view uuid) const { return prefix_ + std::string{uuid}; }

void uuid_cookies::consume(std::string_view uuid, handler h)
{
    if (!is_uuid_like(uuid)) {
        // Not worth a question, but answered later all the same, as every other uuid is.
        net::post(redis_.get_executor(),
                  [h = std::move(h)]() mutable { h(unknown("this is no uuid")); });
        return;
    }
    take(key(uuid),
         [this, h = std::move(h)](result<reply_view> const& r) mutable { tell(h, r, redis_); });
}

// GETDEL is tried first and its refusal remembered, so that an older Redis costs one extra command
// for each connection and not for each uuid. A refused command has done nothing: the key is there
// for the script.
void uuid_cookies::take(std::string const& key, reply_handler h)
{
    if (by_script_) return take_by_script(key, std::move(h));
    redis_.command({"GETDEL", key},
                   [this, key, h = std::move(h)](result<reply_view> const& r) mutable {
                       if (!r || !redis::is_refused_command(*r)) return h(r);
                       by_script_ = true;
                       take_by_script(key, std::move(h));
                   });
}

void uuid_cookies::take_by_script(std::string_view key, reply_handler h)
{
    redis_.command({"EVAL", get_and_delete, "1", key},
                   [this, h = std::move(h)](result<reply_view> const& r) mutable {
                       // Neither is allowed. Both are tried again for the next uuid: somebody may
                       // have changed the ACL meanwhile.
                       if (r && redis::is_refused_command(*r)) by_script_ = false;
                       h(r);
                   });
}

// Tries GETDEL first, whatever was found on the last connection. The reply is nil, since nobody has
// that uuid; what counts is whether the command was refused.
void uuid_cookies::find_way(way_handler h)
{
    by_script_ = false;
    take(key(random_uuid()), [this, h = std::move(h)](result<reply_view> const& r) mutable {
        if (!r || redis::is_wrong_server(*r)) return;
        if (redis::is_refused_command(*r)) return h(way::neither, redis::quoted_error(*r));
        h(by_script_ ? way::script : way::getdel, {});
    });
}

net::awaitable<result<std::string>> uuid_cookies::mint(user_id user, milliseconds ttl)
{
    // NX: an existing key, which belongs to somebody else, is never overwritten. EX where whole
    // seconds do, as docs/protocol.md writes it.
    auto const uuid = random_uuid();
    auto const value = to_text(json{{"userId", user.text()}});
    bool const whole = ttl.count() % 1000 == 0;
    std::vector<std::string> command{"SET",
                                     key(uuid),
                                     value,
                                     whole ? "EX" : "PX",
                                     std::to_string(whole ? ttl.count() / 1000 : ttl.count()),
                                     "NX"};
    auto const r = co_await redis_.async_command(std::move(command));
    if (!r) co_return r.error();
    if (r->view().type() != reply_type::status || r->view().text() != "OK")
        co_return unexpected(r->view());
    co_return result<std::string>{boost::system::in_place_value, uuid};
}

net::awaitable<boost::system::result<uuid_cookies::validity, refusal>> uuid_cookies::check(
    std::string uuid)
{
    if (!is_uuid_like(uuid)) co_return unknown("this is no uuid");
    std::vector<std::string> get{"GET", key(uuid)};
    std::vector<std::string> pttl{"PTTL", key(uuid)};
    // Two commands, between which the key may expire or be used; then the second says so.
    auto const value = co_await redis_.async_command(std::move(get));
    if (!value) co_return failed(value.error().message);
    auto user = user_of(value->view(), shows_value::yes);
    if (!user) co_return user.error();
    auto const left = co_await redis_.async_command(std::move(pttl));
    if (!left) co_return failed(left.error().message);
    if (!left->view().is_integer()) co_return failed(unexpected(left->view()).message);
    auto const ms = left->view().integer();
    // PTTL answers -2 for no key, and -1 for a key that does not expire.
    if (ms == -2) co_return unknown("this uuid is unknown, used up or expired");
    co_return validity{std::move(*user),
                       ms < 0 ? std::optional<milliseconds>{} : std::optional{milliseconds{ms}}};
}

net::awaitable<result<bool>> uuid_cookies::revoke(std::string uuid)
{
    if (!is_uuid_like(uuid)) co_return false;
    std::vector<std::string> command{"DEL", key(uuid)};
    auto const r = co_await redis_.async_command(std::move(command));
    if (!r) co_return r.error();
    if (!r->view().is_integer()) co_return unexpected(r->view());
    co_return r->view().integer() > 0;
}

}  // namespace notify
