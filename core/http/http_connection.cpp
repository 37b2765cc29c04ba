// SPDX-License-Identifier: MIT
#include "http/http_connection.hpp"

#include "base/spawn.hpp"
#include "http/bounded_read.hpp"
#include "http/lingering_close.hpp"
#include "http/request_rules.hpp"
#include "http/websocket_handshake.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <new>
#include <tuple>
#include <utility>

namespace notify {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// What one connection may have sent beyond the head that is being served.
constexpr std::size_t max_pipelined = 64 * 1024;

// True if what came is not HTTP; otherwise the client merely went.
bool is_refusal(error_code ec)
{
    return ec.category() == make_error_code(http::error::bad_method).category() &&
           ec != http::error::end_of_stream && ec != http::error::partial_message;
}

// True if a request line ends as one of HTTP does; unread begins with that line.
bool names_http_version(beast::flat_buffer const& unread)
{
    std::string_view line{static_cast<char const*>(unread.data().data()), unread.size()};
    line = line.substr(0, line.find("\r\n"));
    constexpr std::string_view form = " HTTP/9.9";
    if (line.size() < form.size()) return false;
    std::string_view const end = line.substr(line.size() - form.size());
    auto const fits = [](char f, char c) { return f == '9' ? c >= '0' && c <= '9' : c == f; };
    return std::equal(form.begin(), form.end(), end.begin(), fits);
}

http_refusal refusal_of(error_code ec, beast::flat_buffer const& unread)
{
    if (ec == http::error::header_limit) return http_refusal::head_too_large;
    if (ec == http::error::body_limit) return http_refusal::body_too_large;
    if (ec == http::error::bad_version && names_http_version(unread))
        return http_refusal::bad_version;
    return http_refusal::malformed;
}

}  // namespace

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
      buffer_{std::move(from.buffer)},
      parser_{std::move(from.request)},
      rested_{parser_ != nullptr}
{
    buffer_.max_size(context.options.max_head + max_pipelined);
    ++context_.open;
    context_.connections.push_back(*this);
}

http_connection::~http_connection() { --context_.open; }

net::awaitable<void> http_connection::run(std::unique_ptr<http_connection> self)
{
    http_connection& c = *self;
    for (;;) {
        // Not `a || co_await b`: GCC 12 awaits b whatever a is.
        if (!c.parser_) {
            bool const has_request = co_await c.read_request();
            if (!has_request) break;
        }
        c.keep_alive_ = c.request().keep_alive() && !c.context_.stopping && !c.is_guest();
        c.head_request_ = c.request().method() == http::verb::head;
        // A body that no service reads must not be taken for the next request.
        if (!c.parser_->is_done()) c.keep_alive_ = false;
        if (auto const why = reason_to_refuse(c.request())) {
            c.keep_alive_ = false;
            co_await c.refuse(*why);
        } else if (http_service* const service = c.routes_.find(c.path())) {
            co_await service->serve(c);
            if (c.deferred_) co_await c.answer_later();
        } else {
            co_await c.refuse(http_refusal::nothing_here);
        }
        if (!c.socket_.is_open()) co_return;  // it lives on elsewhere, or was cut
        if (!c.keep_alive_ || c.context_.stopping) break;
        c.parser_.reset();
    }
    c.end();
}

net::awaitable<bool> http_connection::read_request()
{
    reading_head_ = true;
    if (!rested_ && buffer_.size() == 0) std::ignore = receive();
    if (buffer_.size() == 0) {
        // Between requests a connection may rest, and owns no buffer then.
        buffer_.shrink_to_fit();
        limit_time(rested_ ? context_.options.idle_timeout : head_timeout());
        auto const [ec] = co_await socket_.awaited().async_wait(tcp::socket::wait_read, as_result);
        if (ec) co_return false;
    }
    rested_ = true;
    parser_ = std::make_unique<request_parser>();
    parser_->body_limit(boost::none);  // read_body() has the limit
    limit_time(head_timeout());
    auto const ec = co_await read_head(socket_, buffer_, *parser_, context_.options.max_head);
    disarm();
    reading_head_ = false;
    if (!ec) co_return true;
    co_await refuse_unread(ec);
    co_return false;
}

// What came could not be read, so that nothing after it can be either.
net::awaitable<void> http_connection::refuse_unread(error_code ec)
{
    keep_alive_ = false;
    if (!is_refusal(ec) || !socket_.is_open()) co_return;
    http_refusal const why = refusal_of(ec, buffer_);
    co_await refuse(why);
}

net::awaitable<void> http_connection::refuse(http_refusal why)
{
    context_.refused.add(why);
    http_response response = answer(status_of(why), "text/plain; charset=UTF-8", sentence_of(why));
    if (why == http_refusal::bad_method) response.set(http::field::allow, "GET, HEAD");
    std::ignore = co_await respond(std::move(response));
}

bool http_connection::only_reads() const
{
    return request().method() == http::verb::get || request().method() == http::verb::head;
}

net::awaitable<boost::system::result<std::string, body_error>> http_connection::read_body(
    std::size_t limit)
{
    if (parser_->is_done()) co_return std::move(parser_->get().body());
    auto const length = parser_->content_length();
    if (length && *length > limit) {
        co_await refuse(http_refusal::body_too_large);
        co_return body_error::too_long;
    }
    reading_body_ = true;
    limit_time(context_.options.body_timeout);
    if (beast::iequals(header(http::field::expect), "100-continue")) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await net::async_write(socket_.awaited(), net::buffer(go_on), as_result);
    }
    parser_->body_limit(limit);
    auto const ec = co_await notify::read_body(socket_, buffer_, *parser_);
    disarm();
    reading_body_ = false;
    if (!ec) {
        keep_alive_ = request().keep_alive() && !context_.stopping && !is_guest();
        co_return std::move(parser_->get().body());
    }
    co_await refuse_unread(ec);
    co_return ec == http::error::body_limit ? body_error::too_long : body_error::broken;
}

http_response http_connection::answer(http::status status, std::string_view content_type,
                                      std::string body) const
{
    http_response response{status, 11};
    response.set(http::field::content_type, content_type);
    response.set(http::field::cache_control, "no-store");
    response.body() = std::move(body);
    return response;
}

net::awaitable<bool> http_connection::respond(http_response response)
{
    begin_answer(std::move(response));
    co_return co_await finish_answer();
}

void http_connection::begin_answer(http_response response)
{
    if (context_.stopping) keep_alive_ = false;
    response.keep_alive(keep_alive_);
    response.prepare_payload();
    if (head_request_) response.body().clear();
    outgoing_.begin(socket_, response);
}

net::awaitable<bool> http_connection::finish_answer()
{
    if (outgoing_.is_sent()) co_return true;
    limit_time(context_.options.body_timeout);
    error_code const ec = co_await outgoing_.finish(socket_);
    disarm();
    if (ec) keep_alive_ = false;
    co_return !ec;
}

net::awaitable<void> http_connection::answer_later()
{
    auto const later = std::move(deferred_);
    parser_.reset();
    while (!later->try_answer(*this)) {
        buffer_.shrink_to_fit();
        error_code failed;
        if (!woken_) {
            waiting_ = true;
            auto const [ec] =
                co_await socket_.awaited().async_wait(tcp::socket::wait_read, as_result);
            waiting_ = false;
            failed = ec;
        }
        bool const woken = std::exchange(woken_, false);
        bool const gone = !socket_.is_open() || (!woken && (failed || !absorb()));
        if (!gone) continue;
        keep_alive_ = false;
        co_return later->on_end(false);
    }
    bool const is_sent = co_await finish_answer();
    later->on_end(is_sent);
}

void http_connection::wake()
{
    woken_ = true;
    if (waiting_) socket_.cancel();
}

// Something came while a request is still being answered: the end, or a
// pipelined request, which is kept for later.
bool http_connection::absorb()
{
    if (buffer_.size() >= max_pipelined) return false;  // so that there is room
    ssize_t const n = receive();
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

// Takes what is there, as recv(2) does.
ssize_t http_connection::receive()
{
    ssize_t const n = socket_.try_receive(next_piece(buffer_));
    if (n > 0) buffer_.commit(static_cast<std::size_t>(n));
    return n;
}

net::awaitable<std::optional<arrival>> http_connection::upgrade()
{
    if (!is_handshake(request()) || header(http::field::sec_websocket_version) != "13") {
        co_await refuse_handshake();
        co_return std::nullopt;
    }
    if (context_.stopping) {
        keep_alive_ = false;
        co_return std::nullopt;
    }
    std::string answer = answer_to_handshake(request());
    std::optional<arrival> upgraded{release()};
    upgraded->answer = std::move(answer);
    co_return upgraded;
}

// Whoever speaks another version is told which one is spoken here (RFC 6455
// section 4.2.2).
net::awaitable<void> http_connection::refuse_handshake()
{
    constexpr auto why = http_refusal::bad_handshake;
    keep_alive_ = false;
    bool const is_other_version = is_handshake(request());
    if (!is_other_version) co_return co_await refuse(why);
    context_.refused.add(why);
    http_response response =
        answer(http::status::upgrade_required, "text/plain; charset=UTF-8", sentence_of(why));
    response.set(http::field::sec_websocket_version, "13");
    std::ignore = co_await respond(std::move(response));
}

arrival http_connection::release()
{
    disarm();
    return arrival{socket_.release(),  std::move(place_),  remote_,
                   std::move(parser_), std::move(buffer_), {}};
}

void http_connection::move_to(std::size_t shard) { context_.hand_over(shard, release()); }

void http_connection::cancel()
{
    keep_alive_ = false;
    socket_.close();
}

void http_connection::stop_if_resting()
{
    if (reading_head_) cancel();
}

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

// A guest that says nothing keeps others from theirs.
milliseconds http_connection::head_timeout() const
{
    constexpr milliseconds of_guests{1'000};
    auto const usual = context_.options.head_timeout;
    return is_guest() ? std::min(usual, of_guests) : usual;
}

void http_connection::limit_time(milliseconds within) { context_.clock.arm(*this, within); }

http_refusal http_connection::what_is_late() const
{
    if (reading_head_)
        return is_guest() ? http_refusal::too_many_connections : http_refusal::head_timeout;
    return reading_body_ ? http_refusal::body_timeout : http_refusal::answer_timeout;
}

// A connection that rests, or never said a word, ends without one; a guest is told why.
void http_connection::on_timer(time_ms) noexcept
{
    bool const resting = reading_head_ && !parser_ && !is_guest();
    if (!resting) {
        http_refusal const late = what_is_late();
        context_.refused.add(late);
        if (late != http_refusal::answer_timeout) say_at_once(late);
    }
    cancel();
}

void http_connection::say_at_once(http_refusal why) noexcept
{
    try {
        std::string const answer = raw_answer(why);
        socket_.try_send(net::buffer(answer));
    } catch (std::bad_alloc const&) {  // then the end alone has to do
    }
}

}  // namespace notify
