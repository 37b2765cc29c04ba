// SPDX-License-Identifier: MIT
#include "gateway/notification_streams.hpp"

#include "http/http_connection.hpp"
#include "wire/kept_headers.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <tuple>
#include <utility>

namespace notify {

namespace {

stream_refusal const not_a_get{http_status::method_not_allowed, "METHOD_NOT_ALLOWED",
                               "events are for GET"};
stream_refusal const busy{http_status::service_unavailable, "BUSY",
                          "as many clients are served as can be; try again later"};

stream_refusal const draining{http_status::service_unavailable, "DRAINING",
                              "this gateway is about to end; connect again for another one"};

std::uint64_t microseconds_since_1970()
{
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

// Views into the request.
stream_question question_of(http_connection const& c)
{
    return {.accept = c.header(http_field::accept),
            .last_event_id = c.request()["Last-Event-ID"],
            .authorization = c.header(http_field::authorization),
            .query = c.query(),
            .names_user = names_user(c.request(), c.context().options.more_headers)};
}

}  // namespace

// A heartbeat brings a new token.
notification_streams::notification_streams(http_context& http, origin_policy const& origins,
                                           hub& channels, identity_source& who,
                                           failed_subscriptions& failed, new_subscriptions& fresh,
                                           stream_tokens tokens, options const& o)
    : http_{http}, pages_{http, origins}, tokens_{std::move(tokens)}, options_{o}, parts_{channels,
                                                                                          who,
                                                                                          failed,
                                                                                          fresh,
                                                                                          tokens_,
                                                                                          broken_}
{
    auto const renewal = tokens_.renewal();
    if (renewal.count() > 0) options_.heartbeat = std::min(o.heartbeat, renewal);
}

// In this order: what a page may not even ask, what cannot be meant, what there is no room for.
// Only then is a uuid used up.
net::awaitable<void> notification_streams::serve(http_connection& c)
{
    if (c.request().method() == http_verb::options) co_return co_await pages_.serve_preflight(c);
    if (pages_.page_of(c, {}).is_refused) co_return co_await pages_.refuse_origin(c);
    if (!c.only_reads()) co_return co_await refuse(c, http_refusal::bad_method, not_a_get);
    auto const asked = read_stream_request(question_of(c), microseconds_since_1970());
    if (!asked) co_return co_await refuse(c, http_refusal::bad_request, asked.error());
    if (c.request().method() == http_verb::head) co_return co_await answer_head(c, asked->form);
    if (http_.draining) co_return co_await send_elsewhere(c, asked->form);
    stream_admission a;
    if (auto const why = admit(c, *asked, a)) co_return co_await refuse(c, *why, busy);
    event_stream::options o{.form = asked->form,
                            .reader = pages_.reader_of(c),
                            .limit = options_.max_queue,
                            .heartbeat = options_.heartbeat};
    auto made = std::make_unique<notification_stream>(parts_, c, std::move(o), std::move(a));
    notification_stream& s = *made;
    c.defer(std::move(made));
    s.begin_asking(*asked);
}

// Takes the cheap things first. What was taken when a later one is missing is given back with `a`.
std::optional<http_refusal> notification_streams::admit(http_connection& c, stream_request const& r,
                                                        stream_admission& a) const
{
    if (!c.try_settle()) return http_refusal::too_many_connections;
    a.place = quota_share{http_.capacity.sessions};
    if (!a.place) return http_refusal::too_many_sessions;
    if (!r.token.empty() || r.uuid) return std::nullopt;
    a.request = kept_headers(c.request(), c.remote(), pages_.origins(), http_.options.more_headers);
    a.request.memory = quota_share{http_.capacity.kept, a.request.bytes()};
    if (!a.request.memory) return http_refusal::too_much_kept;
    return std::nullopt;
}

// Says whether the request would be understood. Nobody is asked who the client is.
net::awaitable<void> notification_streams::answer_head(http_connection& c, stream_form form)
{
    std::ignore = co_await pages_.respond(c, c.answer(http_status::ok, media_type_of(form), ""));
}

// A browser would give up at 503, and comes back after a cut; Nginx asks the next gateway then.
net::awaitable<void> notification_streams::send_elsewhere(http_connection& c, stream_form form)
{
    if (form == stream_form::ndjson) co_return co_await refuse(c, http_refusal::draining, draining);
    http_.refused.add(http_refusal::draining);
    c.cancel();
}

net::awaitable<void> notification_streams::refuse(http_connection& c, http_refusal counted,
                                                  stream_refusal const& why)
{
    http_.refused.add(counted);
    std::ignore = co_await pages_.respond(c, answer_of(why));
}

}  // namespace notify
