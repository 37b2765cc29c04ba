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

// Returns the header lines that a handshake keeps, "Name: value\r\n" each, as views into lines.
// wire/kept_headers has written them, so each has its ": ".
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

// True for the answers of sites that want a login first: many frameworks redirect to the login page
// before the view that should answer is called. That means: nobody is logged in.
bool sends_away(unsigned status)
{
    return status == 401 || status == 403 || (status >= 300 && status < 400);
}

refusal refused(std::string why, std::string detail = {})
{
    return {internal_code::cookies_refused, std::move(why), std::move(detail)};
}

// What is told if there is no memory for an answer, or if the coroutine ends without one. Made
// before main().
identity_answer const silence = refused("the web app cannot be asked now");

// What went wrong on the way to the web app is for the log; what it answered is for the client too.
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
    // JSON does not say which of two equal keys counts: who somebody is must not depend on that.
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
    // Made before the entry: if there is no memory for it, no entry is left without anybody.
    auto fresh = std::make_shared<lookup>();
    auto const [place, is_new] = next_.try_emplace(std::string{request.headers()});
    if (!place->second) place->second = std::move(fresh);
    place->second->add(l);
    if (!is_new) return;
    try {
        spawn(loop_.get_executor(), look_up(*place, request.from()), "identity lookup");
    } catch (std::exception const&) {
        // An entry without its coroutine would take all later questions with these headers, and
        // answer none.
        next_.erase(place);
        throw;
    }
}

// All who ask with the same headers: those of the question that is under way (written), and those
// of the next one (in the map). Lives in the coroutine look_up. Its destructor tells them all and
// erases the entry, however the coroutine ends: by its end, by an exception, or with the loop.
struct web_app::asking {
    asking(web_app& a, questions::value_type& q) : app{a}, alive{a.alive_}, question{q} {}

    ~asking()
    {
        tell(silence);
        if (alive.expired()) return;  // the map is gone, and with it all who waited in it
        // Taken out first: who is told may ask again.
        auto const left = std::move(next());
        app.next_.erase(app.next_.find(question.first));
        if (left) left->finish(silence);
    }

    [[nodiscard]] std::shared_ptr<lookup>& next() const { return question.second; }

    // Asked when the question's turn has come: not for those who have gone meanwhile.
    [[nodiscard]] bool is_wanted() const { return next() && next()->wanted(); }

    // The question is about to be written. Whoever asks from now on waits for the next one. If it
    // is written a second time, because a kept connection failed, nobody more joins it.
    void on_send()
    {
        if (!written) written = std::move(next());
    }

    // Without on_send() the question never got as far as being written; then the answer is an
    // error, and for all who wait.
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
    questions::value_type& question;  // its entry; an unordered_map does not move it
    std::shared_ptr<lookup> written;  // who waits for the question that is under way, or null
};

// Asks as long as somebody has come while the last question was under way. All of it is done in the
// name of the client that began: its network's turn is taken (client).
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
