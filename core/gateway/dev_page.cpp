// SPDX-License-Identifier: MIT
#include "gateway/dev_page.hpp"

#include "base/json.hpp"
#include "base/random.hpp"
#include "contract/user_id.hpp"
#include "gateway/dev_page_html.hpp"
#include "http/function_service.hpp"
#include "http/origin_policy.hpp"
#include "identity/uuid_cookie.hpp"
#include "publish/notification_draft.hpp"
#include "publish/publisher.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <tuple>

namespace notify {

namespace {

// A message of the default --max-message, and the JSON around it.
constexpr std::size_t max_body = 1024 * 1024 + 1024;

http_response json_answer(http_connection const& c, http_status status, json const& body)
{
    return c.answer(status, "application/json", to_text(body) + "\n");
}

http_response complaint(http_connection const& c, http_status status, std::string_view why)
{
    return json_answer(c, status, {{"error", why}});
}

// True if the Host header is localhost or a loopback address. Against DNS rebinding: a page of any
// site can name this port with a DNS name of its own that leads to 127.0.0.1, and its Origin then
// matches its Host. But it cannot make the browser send another Host than that name.
bool meant_for_loopback(http_connection const& c)
{
    auto const host = boost::urls::parse_authority(c.header(http_field::host));
    if (!host) return false;
    std::string const name = host->host_address();
    error_code ec;
    auto const address = net::ip::make_address(name, ec);
    return name == "localhost" || (!ec && address.is_loopback());
}

// True unless the Origin header names another host; another name of this machine is another host
// too. Ports are not compared (http/origin_policy).
bool from_own_page(http_connection const& c)
{
    return origin_policy{}.allows({c.header(http_field::origin), c.header(http_field::host)},
                                  c.remote());
}

// Returns the JSON object of a POST from our own page. Otherwise answers the request with a refusal
// and returns nothing. A form of another site cannot send `application/json`; a script would have
// to ask first (a CORS preflight), and that is refused here like anything but POST.
net::awaitable<std::optional<json>> read_request(http_connection& c)
{
    bool const allowed = c.request().method() == http_verb::post && meant_for_loopback(c) &&
                         from_own_page(c) &&
                         c.header(http_field::content_type) == "application/json";
    if (!allowed) {
        std::ignore = co_await c.respond(complaint(
            c, http_status::forbidden, "POST JSON to localhost, as the page of --dev does"));
        co_return std::nullopt;
    }
    auto const body = co_await c.read_body(max_body);
    if (!body) co_return std::nullopt;
    auto request = parse_json(*body);
    if (request && request->is_object())
        co_return std::optional<json>{std::in_place, std::move(*request)};
    std::ignore = co_await c.respond(complaint(c, http_status::bad_request, "not a JSON object"));
    co_return std::nullopt;
}

// POST /dev/token {"user":"…"}: makes a uuidCookie and answers {"uuid":"…"}, as a web app would do
// for its page.
class token_service final : public http_service {
public:
    token_service(redis::redis_client& redis, std::string prefix) : uuids_{redis, std::move(prefix)}
    {
    }

    net::awaitable<void> serve(http_connection& c) override
    {
        auto const request = co_await read_request(c);
        if (!request) co_return;
        auto const user = user_id_of(request->value("user", json{}));
        if (user) {
            std::ignore = co_await c.respond(co_await mint(c, *user));
        } else {
            std::ignore =
                co_await c.respond(complaint(c, http_status::bad_request, user.error().message));
        }
    }

private:
    // 502 if Redis did not store the uuidCookie; the sentence says why.
    net::awaitable<http_response> mint(http_connection& c, user_id user)
    {
        auto const uuid = co_await uuids_.mint(user, uuid_cookies::default_ttl);
        if (!uuid) co_return complaint(c, http_status::bad_gateway, uuid.error().message);
        co_return json_answer(c, http_status::ok, {{"uuid", *uuid}});
    }

    uuid_cookies uuids_;
};

// POST /dev/send {"user":"…","message":"…"}: stores the message and answers
// {"id":"…","receivers":n}.
class send_service final : public http_service {
public:
    explicit send_service(redis::redis_client& redis) : publisher_{redis} {}

    net::awaitable<void> serve(http_connection& c) override
    {
        auto const request = co_await read_request(c);
        if (!request) co_return;
        auto const user = user_id_of(request->value("user", json{}));
        json const message = request->value("message", json{});
        if (!user || !message.is_string()) {
            // A variable of its own: GCC 12 destroys the result of `?:` twice if it stands in an
            // expression that awaits.
            std::string const why = user ? "the message must be a string" : user.error().message;
            std::ignore = co_await c.respond(complaint(c, http_status::bad_request, why));
            co_return;
        }
        notification_draft draft;
        draft.message = message.get<std::string>();
        std::string object = to_json(draft);
        storing const how;
        auto const sent = co_await publisher_.async_store(*user, std::move(object), how);
        http_response answer = sent
                                   ? json_answer(c, http_status::ok,
                                                 {{"id", sent->id}, {"receivers", sent->receivers}})
                                   : complaint(c, http_status::bad_gateway, sent.error().why);
        std::ignore = co_await c.respond(std::move(answer));
    }

private:
    publisher publisher_;
};

// Escapes text for an attribute in double quotes.
std::string html_text(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

// Returns a string literal for a script in the page. `<` is written as \u003c, so that no text can
// end the script element.
std::string script_text(std::string_view text)
{
    std::string out = to_text(json(text));
    for (std::size_t at = 0; (at = out.find('<', at)) != out.npos;) out.replace(at, 1, "\\u003c");
    return out;
}

// Fills the page in. The texts come from the command line, so escaping them is not against an
// attacker: a user id with a quote in it should work too. The policy allows the inline script and
// style of the page, and no frame around it.
http_response page(http_connection const& c, std::string const& sample_user,
                   std::string const& redis_flag)
{
    std::string const user =
        sample_user.empty() ? fmt::format("{}", 10'000 + random_below(90'000)) : sample_user;
    std::string html{dev_page_html};
    html.replace(html.find("@USER@"), 6, html_text(user));
    html.replace(html.find("@REDIS@"), 7, script_text(redis_flag));
    http_response response = c.answer(http_status::ok, "text/html; charset=UTF-8", html);
    response.set("Content-Security-Policy",
                 "default-src 'self'; script-src 'self' 'unsafe-inline'; "
                 "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'");
    return response;
}

}  // namespace

// Each shard has these routes, and uses its own connection to Redis.
void add_dev_page(router& routes, redis::redis_client& redis, gateway_settings const& settings)
{
    auto const show = [&settings](http_connection const& c) {
        return page(c, settings.sample_user, settings.redis_flag());
    };
    routes.add("/", std::make_shared<function_service>(show));
    routes.add("/dev/token", std::make_shared<token_service>(redis, settings.uuid_prefix));
    routes.add("/dev/send", std::make_shared<send_service>(redis));
}

}  // namespace notify
