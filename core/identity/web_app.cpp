// SPDX-License-Identifier: MIT
#include "identity/web_app.hpp"

#include "base/json.hpp"
#include "base/spawn.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <optional>

namespace notify {

namespace {

// A header value that would end the header line, and begin another.
bool has_control(std::string_view value)
{
    return std::any_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

refusal refused(std::string why, std::string detail = {})
{
    return {refusal_code::cookies_refused, std::move(why), std::move(detail)};
}

// What is told where there is no memory for an answer.
identity_answer const silence = refused("the web app cannot be asked now");

identity_answer answer_of(result<http_reply> const& reply)
{
    if (!reply) return refused("the web app cannot be asked now", reply.error().message);
    auto who = parse_web_app_answer(*reply);
    if (!who) return refused(std::move(who.error().message));
    return std::move(*who);
}

}  // namespace

result<user_id> parse_web_app_answer(http_reply const& reply)
{
    if (reply.status != 200)
        return error{fmt::format("the web app answered with status {}", reply.status)};
    auto answer = parse_json(reply.body);
    if (!answer) return error{"the web app's answer is not a JSON object"};
    json_scope const scope{*answer};
    if (!answer->is_object()) return error{"the web app's answer is not a JSON object"};
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
    auto asked = std::make_shared<lookup>();
    auto const [place, is_new] = under_way_.try_emplace(std::string{cookie}, std::move(asked));
    place->second->add(l);
    if (!is_new) return;
    try {
        spawn(loop_.get_executor(), look_up(place->first), "identity lookup");
    } catch (std::exception const&) {  // or nobody with these cookies were ever answered
        under_way_.erase(place);
        throw;
    }
}

// Has those who wait told, whatever becomes of the coroutine that asks for them.
struct web_app::telling {
    telling(web_app& a, std::string const& c) : app{a}, alive{a.alive_}, cookie{c}
    {
        asked = app.under_way_.at(cookie);
    }

    ~telling()
    {
        // Taken out first: who is told may ask again.
        if (!alive.expired()) app.under_way_.erase(cookie);
        asked->finish(who ? *who : silence);
    }

    web_app& app;
    std::weak_ptr<char> alive;
    std::string const& cookie;
    std::shared_ptr<lookup> asked;
    std::optional<identity_answer> who;
};

net::awaitable<void> web_app::look_up(std::string cookie)
{
    telling told{*this, cookie};
    http_headers headers;
    headers.emplace_back("Cookie", cookie);
    // Whoever has gone when its turn comes is not asked about.
    auto const is_wanted = [&told] { return told.asked->wanted(); };
    auto const reply = co_await client_.get(std::move(headers), is_wanted);
    told.who = answer_of(reply);
}

}  // namespace notify
