// SPDX-License-Identifier: MIT
#include "redis/redis_handshake.hpp"

#include <fmt/format.h>

namespace notify::redis {

namespace {

bool is_status(reply_view r, std::string_view text)
{
    return r.type() == reply_type::status && r.text() == text;
}

}  // namespace

// PING comes last, and is asked though ROLE was: unlike INFO and ROLE, Redis refuses it while it
// loads its data, and when it wants a password that we have not given.
redis_handshake::redis_handshake(redis_options const& options, std::string_view client_name)
    : options_{options}
{
    if (!options.user.empty())
        add(step::auth, {"AUTH", options.user, options.password});
    else if (!options.password.empty())
        add(step::auth, {"AUTH", options.password});
    if (options.db != 0) add(step::select, {"SELECT", std::to_string(options.db)});
    add(step::set_name, {"CLIENT", "SETNAME", client_name});
    add(step::info, {"INFO", "server"});
    add(step::role, {"ROLE"});
    add(step::ping, {"PING"});
}

void redis_handshake::add(step s, std::initializer_list<std::string_view> args)
{
    steps_.push_back(s);
    append_command(commands_, args);
}

// Without a password every command is refused by NOAUTH, so that is looked at before the step.
std::string redis_handshake::on_reply(reply_view r)
{
    if (r.is_error() && r.text().starts_with("NOAUTH"))
        return fmt::format("Redis at {} wants a password", at());
    switch (steps_[steps_done_++]) {
    case step::auth: return on_auth(r);
    case step::select:
        if (is_status(r, "OK")) return {};
        return refused(fmt::format("refused database {}", options_.db), r);
    case step::set_name: return {};  // only for CLIENT LIST; some proxies do not know it
    case step::info: learn_info(server_, r); return {};
    case step::role: return on_role(r);
    case step::ping: break;
    }
    return on_ping(r);
}

// Redis before 6 and Redis with ACLs say the same in different words. "No password set" has to be
// told apart from "wrong password": the operator has to look in another place.
std::string redis_handshake::on_auth(reply_view r) const
{
    auto const text = r.text();
    if (is_status(r, "OK")) return {};
    if (text.find("without any password configured") != text.npos)
        return fmt::format("Redis at {} has no password set, but one was given", at());
    if (text.starts_with("WRONGPASS") || text.find("invalid password") != text.npos)
        return fmt::format("wrong {} for Redis at {}",
                           options_.user.empty() ? "password" : "user or password", at());
    return refused("refused to log us in", r);
}

std::string redis_handshake::on_role(reply_view r)
{
    learn_role(server_, r);
    auto const why = unfit(server_);
    return why.empty() ? std::string{} : fmt::format("Redis at {} {}", at(), why);
}

// Errors that concern the server's state end the try, and the next one may find it ready. Other
// errors are tolerated: MISCONF is about its disk, and NOPERM says only that this user may not
// PING.
std::string redis_handshake::on_ping(reply_view r) const
{
    auto const text = r.text();
    if (r.is_error() && text.starts_with("LOADING"))
        return fmt::format("Redis at {} is still loading its data", at());
    if (r.is_error() && text.starts_with("MASTERDOWN"))
        return fmt::format("Redis at {} is a replica that has lost its master", at());
    if (r.is_error() || is_status(r, "PONG")) return {};
    return refused("answered PING with nonsense", r);
}

std::string redis_handshake::refused(std::string_view what, reply_view r) const
{
    return fmt::format("Redis at {} {}: {}", at(), what, quoted_error(r));
}

}  // namespace notify::redis
