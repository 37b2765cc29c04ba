// SPDX-License-Identifier: MIT
#include "token.hpp"

#include "base/json.hpp"
#include "cli/duration.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "cli/run.hpp"
#include "identity/uuid_cookie.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;

net::awaitable<exit_code> mint(uuid_cookies& cookies, token_options const& o)
{
    for (std::size_t i = 0; i < o.count; ++i) {
        auto const uuid = co_await cookies.mint(*o.user, o.ttl);
        if (!uuid) throw failure{exit_code::failed, uuid.error().message};
        if (o.json)
            cli::print(to_text(json{
                           {"uuid", *uuid}, {"user", o.user->text()}, {"ttl_ms", o.ttl.count()}}) +
                       "\n");
        else
            cli::print(*uuid + "\n");
    }
    co_return exit_code::done;
}

// Reports why a uuid cannot be used: with --json on stdout, otherwise on stderr.
exit_code not_valid(token_options const& o, std::string const& why)
{
    if (!o.json) throw failure{exit_code::refused, why};
    cli::print(to_text(json{{"valid", false}, {"reason", why}}) + "\n");
    return exit_code::refused;
}

net::awaitable<exit_code> check(uuid_cookies& cookies, token_options const& o)
{
    auto const found = co_await cookies.check(o.uuid);
    if (!found && found.error().code == internal_code::redis_failed)
        throw failure{exit_code::failed, found.error().for_log()};
    if (!found) co_return not_valid(o, found.error().message);
    if (o.json) {
        json line{{"valid", true}, {"user", found->user.text()}, {"ttl_ms", nullptr}};
        if (found->left) line["ttl_ms"] = found->left->count();
        cli::print(to_text(line) + "\n");
    } else {
        cli::print(fmt::format("valid for user {}, {}\n", found->user.text(),
                               found->left ? "for " + cli::show_duration(*found->left)
                                           : "without an end"));
    }
    co_return exit_code::done;
}

net::awaitable<exit_code> revoke(uuid_cookies& cookies, token_options const& o)
{
    auto const revoked = co_await cookies.revoke(o.uuid);
    if (!revoked) throw failure{exit_code::failed, revoked.error().message};
    if (!*revoked)
        co_return not_valid(o, "nothing to revoke: this uuid is unknown, used up or expired");
    cli::print(o.json ? "{\"revoked\":true}\n" : "revoked\n");
    co_return exit_code::done;
}

}  // namespace

net::awaitable<exit_code> run_token(token_options options)
{
    redis::redis_policy policy;
    policy.keep_trying = false;
    policy.client_name = "notify-token";
    redis::redis_client client{co_await net::this_coro::executor, options.redis, policy};
    co_await cli::reach(client);
    uuid_cookies cookies{client, options.prefix};
    switch (options.what) {
    case token_options::action::mint: co_return co_await mint(cookies, options);
    case token_options::action::check: co_return co_await check(cookies, options);
    case token_options::action::revoke: co_return co_await revoke(cookies, options);
    }
    co_return exit_code::failed;
}

}  // namespace notify
