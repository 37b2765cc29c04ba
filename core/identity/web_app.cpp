// SPDX-License-Identifier: MIT
#include "identity/web_app.hpp"

#include "base/json.hpp"
#include "base/spawn.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <optional>

namespace notify {

namespace {

http_headers parsed(std::string_view lines)
{
    http_headers headers;
    while (!lines.empty()) {
        std::string_view const line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(line.size() + 2);
        std::size_t const colon = line.find(": ");
        headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return headers;
}

// A login that is wanted first, and often a redirection to its page, is an answer.
bool sends_away(unsigned status)
{
    return status == 401 || status == 403 || (status >= 300 && status < 400);
}

refusal refused(std::string why, std::string detail = {})
{
    return {internal_code::cookies_refused, std::move(why), std::move(detail)};
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
    if (sends_away(reply.status))
        return error{
            fmt::format("nobody is logged in: the web app answered with status {}", reply.status)};
    if (reply.status != 200)
        return error{fmt::format("the web app answered with status {}", reply.status)};
    auto answer = parse_json(reply.body, equal_keys::refused);
    if (!answer)
        return error{
            fmt::format("the web app's answer cannot be read: {}", answer.error().message)};
    json_scope const scope{*answer};
    if (!answer->is_object()) return error{"the web app's answer is not a JSON object"};
    auto const ok = answer->find("ok");
    auto const id = answer->find("userId");
    bool const is_refused = ok != answer->end() && *ok != true;
    if (is_refused || id == answer->end() || is_nobody(*id)) return error{"nobody is logged in"};
    return user_id_of(*id);
}

web_app::web_app(net::io_context& loop, http_url url, http_client_options options)
    : loop_{loop}, client_{loop, std::move(url), options}
{
}

void web_app::ask(eio::handshake const& request, identity_listener& l)
{
    if (request.empty()) return l.on_identity(refused("the browser sent no cookies"));
    auto fresh = std::make_shared<lookup>();
    auto const [place, is_new] = next_.try_emplace(std::string{request.headers()});
    if (!place->second) place->second = std::move(fresh);
    place->second->add(l);
    if (!is_new) return;
    try {
        spawn(loop_.get_executor(), look_up(*place, request.from()), "identity lookup");
    } catch (std::exception const&) {  // or nobody with these headers were ever answered
        next_.erase(place);
        throw;
    }
}

// Those who ask with the same headers: one question on its way, and the next. Has all
// of them told, whatever becomes of the coroutine that asks for them.
struct web_app::asking {
    asking(web_app& a, questions::value_type& q) : app{a}, alive{a.alive_}, question{q} {}

    ~asking()
    {
        tell(silence);
        if (alive.expired()) return;  // with all who wait there
        // Taken out first: who is told may ask again.
        auto const left = std::move(next());
        app.next_.erase(app.next_.find(question.first));
        if (left) left->finish(silence);
    }

    [[nodiscard]] std::shared_ptr<lookup>& next() const { return question.second; }

    // Whoever has gone when its turn comes is not asked about.
    [[nodiscard]] bool is_wanted() const { return next() && next()->wanted(); }

    // From now on others are the next ones. When it is written again, no more join.
    void on_send()
    {
        if (!written) written = std::move(next());
    }

    void on_answer(identity_answer const& who)
    {
        if (!written) written = std::move(next());
        tell(who);
    }

    void tell(identity_answer const& who)
    {
        if (auto const asked = std::move(written)) asked->finish(who);
    }

    web_app& app;
    std::weak_ptr<char> alive;
    questions::value_type& question;
    std::shared_ptr<lookup> written;
};

net::awaitable<void> web_app::look_up(questions::value_type& q, std::uint64_t client)
{
    asking now{*this, q};
    http_asker const asker{client, [&now] { return now.is_wanted(); }, [&now] { now.on_send(); }};
    http_headers const sent = parsed(q.first);
    while (now.next()) {
        auto const reply = co_await client_.get(sent, asker);
        now.on_answer(answer_of(reply));
    }
}

}  // namespace notify
