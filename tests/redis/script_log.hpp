// SPDX-License-Identifier: MIT
//
// A user's log in a real Redis, and the scripts that write and read it, as values. For tests.
#pragma once

#include "redis/log_scripts.hpp"
#include "support/await.hpp"
#include "support/redis_server.hpp"

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify::test {

class script_log {
public:
    // Empty error: it worked.
    struct written {
        std::string id;
        std::int64_t receivers = 0;
        std::string at;
        std::int64_t unread = 0;  // of a mark
        std::string error;

        [[nodiscard]] std::string position() const { return id + '-' + at; }
    };
    struct found {
        std::string what;
        std::string base;
        bool more = false;
        std::vector<std::string> entries;
        std::string error;
    };
    using texts = std::vector<std::string>;

    script_log()
    {
        client_.start();
        if (auto const r = await(context_, client_.ready()); !r)
            throw std::runtime_error(r.error().message);
    }

    written send(std::string json, texts options = {})
    {
        options.insert(options.begin(), std::move(json));
        return as_written(run(redis::send_script(), std::move(options)));
    }
    written mark(texts what) { return as_written(run(redis::mark_script(), std::move(what))); }
    found read(std::string from, texts limits = {})
    {
        limits.insert(limits.begin(), std::move(from));
        redis::reply const r = run(redis::read_script(), std::move(limits));
        redis::reply_view const v = r.view();
        if (v.is_error()) return {{}, {}, {}, {}, std::string{v.text()}};
        found f{std::string{v[0].text()}, std::string{v[1].text()}, v[2].integer() == 1, {}, {}};
        for (std::size_t i = 3; i < v.size(); ++i) f.entries.emplace_back(v[i].text());
        return f;
    }

    // The elements as they stand in Redis.
    [[nodiscard]] texts elements() const
    {
        redis::reply const r = server.command({"LRANGE", channel, "0", "-1"});
        texts all;
        for (redis::reply_view const e : r.view()) all.emplace_back(e.text());
        return all;
    }
    [[nodiscard]] std::string last() const { return server.text({"LINDEX", channel, "-1"}); }
    [[nodiscard]] std::int64_t ttl(std::string_view key) const
    {
        return server.number({"TTL", key});
    }

    redis::reply run(redis::lua_script const& script, texts args)
    {
        auto r = await(context_, script.async_run(client_, channel, std::move(args)));
        if (!r) throw std::runtime_error(r.error().message);
        return *r;
    }

    redis_server server;
    std::string const channel = "/app/user/7/notifications";
    std::string const read_key = "{/app/user/7/notifications}:read";
    std::string const keys_key = "{/app/user/7/notifications}:keys";

private:
    static written as_written(redis::reply const& r)
    {
        redis::reply_view const v = r.view();
        if (v.is_error()) return {{}, {}, {}, {}, std::string{v.text()}};
        return {std::string{v[0].text()},
                v[1].integer(),
                std::string{v[2].text()},
                v.size() > 3 ? v[3].integer() : 0,
                {}};
    }

    net::io_context context_;
    redis::redis_client client_{context_.get_executor(),
                                redis::parse_redis_url(server.url()).value()};
};

}  // namespace notify::test
