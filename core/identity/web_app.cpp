// SPDX-License-Identifier: MIT
#include "identity/web_app.hpp"

#include "base/json.hpp"
#include "base/spawn.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace notify {

namespace {

// A header value that would end the header line, and begin another.
bool has_control(std::string_view value)
{
    return std::any_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

refusal refused(std::string why) { return {refusal_code::cookies_refused, std::move(why)}; }

// Where the web app is, and how it failed, is for the log; the client is told
// that it did.
identity_answer answer_of(result<http_reply> const& reply)
{
    if (!reply) {
        spdlog::warn("the web app cannot be asked whose cookies these are: {}",
                     reply.error().message);
        return refused("the web app cannot be asked now");
    }
    auto who = parse_web_app_answer(*reply);
    if (!who) return refused(std::move(who.error().message));
    return std::move(*who);
}

}  // namespace

result<user_id> parse_web_app_answer(http_reply const& reply)
{
    if (reply.status != 200)
        return error{fmt::format("the web app answered with status {}", reply.status)};
    auto const answer = parse_json(reply.body);
    if (!answer || !answer->is_object()) return error{"the web app's answer is not a JSON object"};
    auto const ok = answer->find("ok");
    auto const id = answer->find("userId");
    if (ok == answer->end() || *ok != true || id == answer->end() || id->is_null())
        return error{"nobody is logged in"};
    return user_id_of(*id);
}

web_app::web_app(net::io_context& loop, http_url url, http_client_options options)
    : loop_{loop}, client_{loop, std::move(url), options}
{
}

void web_app::ask(std::string_view cookie, identity_listener& l)
{
    if (cookie.empty()) return l.on_identity(refused("the browser sent no cookies"));
    if (has_control(cookie)) return l.on_identity(refused("the cookies hold control characters"));
    auto& under_way = under_way_[std::string{cookie}];
    bool const asked = under_way != nullptr;
    if (!asked) under_way = std::make_unique<lookup>();
    under_way->add(l);
    if (!asked) spawn(loop_.get_executor(), look_up(std::string{cookie}), "identity lookup");
}

net::awaitable<void> web_app::look_up(std::string cookie)
{
    http_headers headers;
    headers.emplace_back("Cookie", cookie);
    auto const reply = co_await client_.get(std::move(headers));
    // Taken out first: who is told may ask again.
    auto const asked = under_way_.extract(cookie);
    asked.mapped()->finish(answer_of(reply));
}

}  // namespace notify
