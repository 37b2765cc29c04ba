// SPDX-License-Identifier: MIT
#include "redis/function_library.hpp"

#include "redis/log_scripts.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace notify::redis {

namespace {

using state = function_library_state;

// A script finds its arguments in KEYS and ARGV, a function is given them.
std::string function_of(std::string_view name, lua_script const& script)
{
    return fmt::format("redis.register_function('{}', function(KEYS, ARGV)\n{}end)\n", name,
                       script.text());
}

state refused(reply_view error)
{
    if (error.text().starts_with("ERR unknown command"))
        return {state::kind::unavailable, "functions take Redis 7.0 or later"};
    return {state::kind::unavailable, quoted_error(error)};
}

void load(redis_client& client, unique_function<void(state)> h)
{
    auto on_reply = [h = std::move(h)](result<reply_view> const& r) mutable {
        if (!r)
            h({state::kind::unknown, r.error().message});
        else if (r->is_error())
            h(refused(*r));
        else
            h({state::kind::loaded, {}});
    };
    client.command({"FUNCTION", "LOAD", "REPLACE", function_library_text()}, std::move(on_reply));
}

}  // namespace

std::string function_library_text()
{
    return "#!lua name=notify\n" + function_of("notify_send", send_script()) +
           function_of("notify_read", read_script()) + function_of("notify_mark", mark_script()) +
           fmt::format("redis.register_function{{function_name='notify_version', "
                       "callback=function() return {} end, flags={{'no-writes'}}}}\n",
                       function_library_version);
}

void provide_functions(redis_client& client, unique_function<void(state)> h)
{
    auto on_reply = [&client, h = std::move(h)](result<reply_view> const& r) mutable {
        if (!r)
            h({state::kind::unknown, r.error().message});
        else if (r->is_integer() && r->integer() >= function_library_version)
            h({state::kind::there, {}});
        else if (r->is_integer() || r->text().find("Function not found") != std::string_view::npos)
            load(client, std::move(h));
        else
            h(refused(*r));
    };
    client.command({"FCALL_RO", "notify_version", "0"}, std::move(on_reply));
}

net::awaitable<state> async_provide_functions(redis_client& client)
{
    return net::async_initiate<net::use_awaitable_t<> const, void(state)>(
        [&client](auto completion) {
            provide_functions(client, [c = std::move(completion)](state s) mutable {
                std::move(c)(std::move(s));
            });
        },
        net::use_awaitable);
}

}  // namespace notify::redis
