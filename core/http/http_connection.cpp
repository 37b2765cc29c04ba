// SPDX-License-Identifier: MIT
#include "http/http_connection.hpp"

#include "base/spawn.hpp"
#include "http/lingering_close.hpp"
#include "http/request_rules.hpp"
#include "http/websocket_handshake.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <new>
#include <tuple>
#include <utility>

namespace notify {

namespace beast = boost::beast;
namespace http = boost::beast::http;

void http_connection::begin(http_context& context, router const& routes, arrival from)
{
    std::unique_ptr<http_connection> c{new http_connection{context, routes, std::move(from)}};
    spawn(context.loop.get_executor(), run(std::move(c)), "http connection");
}

http_connection::http_connection(http_context& context, router const& routes, arrival from)
    : context_{context},
      routes_{routes},
      socket_{context.loop, std::move(from.socket)},
      remote_{from.remote},
      place_{std::move(from.place)},
      reader_{std::move(from.request), std::move(from.buffer), context.options.max_head},
      phase_{reader_.has_request() ? phase::serving : phase::silent}
{
    ++context_.open;
    context_.connections.push_back(*this);
}

// The members end the rest: the socket closes, the timer disarms itself, the hook leaves the list.
http_connection::~http_connection() { --context_.open; }

// One request after the other. Each one is checked before a service sees it (request_rules.hpp).
// When a service returns, either the request was answered and this goes on, or the socket is gone.
//
// The coroutine owns the connection as its argument, so whatever is thrown in here, by a service
// too, destroys the connection and is logged by spawn().
net::awaitable<void> http_connection::run(std::unique_ptr<http_connection> self)
{
    http_connection& c = *self;
    for (;;) {
        // Not `a || co_await b`: GCC 12 awaits b whatever a is.
        if (!c.reader_.has_request()) {
            bool const has_request = co_await c.read_request();
            if (!has_request) break;
        }
        c.keep_alive_ = c.may_live_on();
        c.head_request_ = c.request().method() == http::verb::head;
        if (auto const why = reason_to_refuse(c.request())) {
            c.keep_alive_ = false;  // where the next request begins is not known
            co_await c.refuse(*why);
        } else if (http_service* const service = c.routes_.find(c.path())) {
            co_await service->serve(c);
            if (c.deferred_) co_await c.answer_later();
        } else {
            co_await c.refuse(http_refusal::nothing_here);
        }
        if (!c.socket_.is_open()) co_return;  // it lives on elsewhere, or was cut
        if (!c.keep_alive_ || c.context_.ends_connections()) break;
        c.reader_.forget();
    }
    c.end();
}

// Asked once when the head was read, and again when the body was: before that, a request with a
// body may not be followed by another.
bool http_connection::may_live_on() const
{
    return reader_.may_be_followed() && !context_.ends_connections() && !is_guest();
}

// Returns false if there is no request any more: the client went, was late, or was refused.
//
// The wait for the first byte is apart from the reading of the head. It waits until the socket is
// readable and reads nothing, so a connection that rests needs no buffer.
net::awaitable<bool> http_connection::read_request()
{
    bool const is_new = phase_ == phase::silent;
    // Most clients have sent their request by the time they are accepted. Asio then never hears of
    // the socket (late_socket.hpp).
    if (is_new) std::ignore = reader_.receive(socket_);
    if (reader_.is_empty()) {
        reader_.shrink();
        enter(is_new ? phase::silent : phase::resting);
        auto const [ec] = co_await socket_.awaited().async_wait(tcp::socket::wait_read, as_result);
        if (ec) co_return false;
    }
    enter(phase::reading_head);
    auto const ec = co_await reader_.read_head(socket_, context_.options.max_head);
    enter(phase::serving);
    if (!ec) co_return true;
    co_await refuse_unread(ec);
    co_return false;
}

// What came could not be read, so nothing after it can be either: the connection ends. A timer that
// was faster has closed the socket, and said why.
net::awaitable<void> http_connection::refuse_unread(error_code ec)
{
    keep_alive_ = false;
    auto const why = reader_.fault(ec);
    if (why && socket_.is_open()) co_await refuse(*why);
}

net::awaitable<void> http_connection::refuse_with(http_refusal why, http_response answer)
{
    context_.refused.add(why);
    std::ignore = co_await respond(std::move(answer));
}

net::awaitable<boost::system::result<std::string, body_error>> http_connection::read_body(
    std::size_t limit)
{
    // A request without a body, or one that came whole with its head: nothing is awaited.
    if (reader_.has_body()) co_return reader_.take_body();
    if (reader_.announces_more_than(limit)) {
        co_await refuse(http_refusal::body_too_large);
        co_return body_error::too_long;
    }
    enter(phase::reading_body);
    if (beast::iequals(header(http::field::expect), "100-continue")) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await net::async_write(socket_.awaited(), net::buffer(go_on), as_result);
    }
    auto const ec = co_await reader_.read_body(socket_, limit);
    enter(phase::serving);
    if (!ec) {
        // The body is out of the way now, so another request may follow.
        keep_alive_ = may_live_on();
        co_return reader_.take_body();
    }
    co_await refuse_unread(ec);
    co_return ec == http::error::body_limit ? body_error::too_long : body_error::broken;
}

net::awaitable<bool> http_connection::respond(http_response response)
{
    begin_answer(std::move(response));
    co_return co_await finish_answer();
}

void http_connection::begin_answer(http_response response)
{
    if (context_.ends_connections()) keep_alive_ = false;
    response.keep_alive(keep_alive_);
    // In this order: an answer to HEAD has the length of the body that GET would get (RFC 9110
    // section 9.3.2).
    response.prepare_payload();
    if (head_request_) response.body().clear();
    outgoing_.begin(socket_, response);
}

void http_connection::begin_stream(http_response head, bool is_chunked)
{
    if (!is_chunked) keep_alive_ = false;  // its end is the connection's
    head.keep_alive(keep_alive_);
    head.chunked(is_chunked);
    outgoing_.begin(socket_, head);
}

// What the kernel does not take is sent by answer_later(), which has to be woken for it: it waits
// for the client to send something, and not for the socket to become writable.
void http_connection::continue_stream(std::string_view bytes)
{
    outgoing_.append(socket_, bytes);
    if (!outgoing_.is_sent()) wake();
}

// Sends what the kernel has not taken yet. Nearly always there is nothing, and no deadline is
// armed.
net::awaitable<bool> http_connection::finish_answer()
{
    if (outgoing_.is_sent()) co_return true;
    enter(phase::writing);
    error_code const ec = co_await outgoing_.finish(socket_);
    enter(phase::serving);
    if (ec) keep_alive_ = false;
    co_return !ec;
}

// Waits until the deferred answer has begun, and sends it. A loop with one wait in it, for
// whichever of two things is due: what a client that is behind has not taken yet (writing), or else
// a word of the client (waiting), which may be its end or its next requests. wake() interrupts the
// second.
//
// `later` is owned by this frame and destroyed with it.
net::awaitable<void> http_connection::answer_later()
{
    auto const later = std::move(deferred_);
    // Nobody needs the request any more; a client may wait here for minutes.
    reader_.forget();
    while (!later->try_answer(*this)) {
        reader_.shrink();
        bool const is_behind = !outgoing_.is_sent();
        enter(is_behind ? phase::writing : phase::waiting);
        auto const what = is_behind ? tcp::socket::wait_write : tcp::socket::wait_read;
        auto const [ec] = co_await socket_.awaited().async_wait(what, as_result);
        // An error is no end if wake() caused it. Otherwise the socket says what happened.
        bool const goes_on =
            phase_ == phase::woken ||
            (!ec && (is_behind ? outgoing_.send_more(socket_) : reader_.receive_ahead(socket_)));
        if (goes_on && socket_.is_open()) continue;
        keep_alive_ = false;
        co_return later->on_end(false);
    }
    bool const is_sent = co_await finish_answer();
    later->on_end(is_sent);
}

// Cancels the wait: unlike a posted function, that takes no memory.
void http_connection::wake()
{
    if (phase_ != phase::waiting) return;  // it asks before it waits
    phase_ = phase::woken;
    socket_.cancel();
}

net::awaitable<std::optional<arrival>> http_connection::upgrade()
{
    // Version 13 is the only one (RFC 6455 section 4.1); drafts before it had others.
    if (!is_handshake(request()) || header(http::field::sec_websocket_version) != "13") {
        keep_alive_ = false;
        co_await refuse_with(http_refusal::bad_handshake, answer_to_bad_handshake(request()));
        co_return std::nullopt;
    }
    if (context_.stopping) {
        keep_alive_ = false;
        co_return std::nullopt;
    }
    // Before release(), which moves the request out.
    std::string answer = answer_to_handshake(request());
    std::optional<arrival> upgraded{release()};
    upgraded->answer = std::move(answer);
    co_return upgraded;
}

// Moves out all that the connection is made of. What is left has no open socket, by which run()
// knows that it is over.
arrival http_connection::release()
{
    disarm();
    return arrival{socket_.release(),         std::move(place_),      remote_,
                   reader_.release_request(), reader_.release_rest(), {}};
}

void http_connection::move_to(std::size_t shard) { context_.hand_over(shard, release()); }

void http_connection::cancel()
{
    keep_alive_ = false;
    socket_.close();
}

void http_connection::cancel_if_idle()
{
    if (phase_ == phase::resting) cancel();
}

void http_connection::stop_if_resting()
{
    if (is_before_request(phase_)) return cancel();
    wake();  // an answer that goes on ends now
}

// The regular end, after an answer: the client is given the time to read it.
void http_connection::end()
{
    disarm();
    if (!socket_.is_open()) return;
    close_lingering(context_, socket_.release(), std::move(place_));
}

bool http_connection::try_settle() noexcept
{
    if (!is_guest()) return true;
    quota_share place{context_.capacity.connections};
    if (!place) return false;
    place_ = std::move(place);
    return true;
}

// The only place that changes what a deadline is for.
void http_connection::enter(phase p)
{
    phase_ = p;
    if (auto const within = time_for(p, context_.options, is_guest()))
        context_.clock.arm(*this, *within);
    else
        disarm();
}

// The client is late. It is told why, except in the middle of an answer: it would take the words
// for a part of that. The coroutine finds the socket closed and ends.
void http_connection::on_timer(time_ms) noexcept
{
    if (auto const why = reason_when_late(phase_, is_guest())) {
        context_.refused.add(*why);
        if (phase_ != phase::writing) say_at_once(*why);
    }
    cancel();
}

// Does not wait. The words are few, so the kernel takes them nearly always; otherwise the client
// goes without.
void http_connection::say_at_once(http_refusal why) noexcept
{
    try {
        std::string const answer = raw_answer(why);
        socket_.try_send(net::buffer(answer));
    } catch (std::bad_alloc const&) {  // then the end alone has to do
    }
}

}  // namespace notify
