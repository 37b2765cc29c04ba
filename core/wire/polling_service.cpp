// SPDX-License-Identifier: MIT
#include "wire/polling_service.hpp"

#include "protocol/engine_payload.hpp"
#include "protocol/jsonp.hpp"
#include "wire/polling_transport.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace notify {

namespace http = boost::beast::http;
using boost::intrusive_ptr;
using eio::close_reason;
using eio::request_error;

namespace {

// Ends the session unless its request was answered. A client whose request got no proper answer has
// missed something, and learns that by losing its session.
//
// A destructor and not a catch: without memory for a wait, Asio destroys a coroutine without any
// exception in it.
struct unanswered {
    ~unanswered()
    {
        if (!answered) s.close_soon(close_reason::internal_error);
    }

    eio::session& s;
    bool answered = false;
};

constexpr char text_answer[] = "text/plain; charset=UTF-8";
constexpr char octets[] = "application/octet-stream";

// `nosniff` keeps a browser from taking a JSONP answer for anything but a script.
http_response answer_to_get(http_connection const& c, std::string const& jsonp,
                            polling_transport::payload payload)
{
    if (payload.is_binary) return c.answer(http::status::ok, octets, std::move(payload.body));
    if (jsonp.empty()) return c.answer(http::status::ok, text_answer, std::move(payload.body));
    http_response response = c.answer(http::status::ok, "text/javascript; charset=UTF-8",
                                      eio::jsonp_answer(jsonp, payload.body));
    response.set("X-Content-Type-Options", "nosniff");
    return response;
}

// A GET that is answered when there are packets.
//
// It is what a waiting client costs beside its connection, so what only pages and scripts need is
// behind a pointer that is mostly null. It holds the session: that may end while the GET waits,
// whose answer is then the last words. A client whose GET is dropped without an answer has missed
// something, and its session ends.
class polling_get final : public deferred_answer {
public:
    polling_get(http_connection& c, polling_transport& wire, intrusive_ptr<eio::session> s,
                std::string jsonp, std::string origin)
        : wire_{&wire}, session_{std::move(s)}
    {
        if (!jsonp.empty() || !origin.empty())
            reader_.reset(new reader{std::move(jsonp), std::move(origin)});
        wire_->set_waiter(&c);
    }

    // close_soon() and not close(): it takes no memory and calls nobody, whoever destroys this.
    ~polling_get() override
    {
        if (!begun_) wire_->set_waiter(nullptr);
        if (!ended_) session_->close_soon(close_reason::internal_error);
    }

    bool try_answer(http_connection& c) override
    {
        auto next = wire_->next_payload();
        if (next.body.empty()) return false;
        // Before the answer is sent: the next GET may come, on another connection, as soon as the
        // client has it, and must not count as a second one beside this.
        begun_ = true;
        wire_->set_waiter(nullptr);
        static reader const plain_reader;
        reader const& by = reader_ ? *reader_ : plain_reader;
        c.begin_answer(readable(answer_to_get(c, by.jsonp, std::move(next)), by.origin));
        return true;
    }

    // The packets were taken out of the outbox. If they did not go out, they are lost.
    void on_end(bool is_sent) override
    {
        ended_ = true;
        if (!is_sent) session_->on_transport_end(*wire_, close_reason::transport_closed);
    }

private:
    // The page or the script that reads the answer; most clients need neither.
    struct reader {
        std::string jsonp;
        std::string origin;
    };

    intrusive_ptr<polling_transport> const wire_;
    intrusive_ptr<eio::session> const session_;
    std::unique_ptr<reader> reader_;
    bool begun_ = false;
    bool ended_ = false;
};

// Returns how the packets of a POST are put together. Nothing if the client may not send such a
// body: binary ones belong to protocol 3, and in 4 binary is base64 within text. Other content
// types are not told apart.
std::optional<eio::payload_form> form_of(http_connection const& c, eio::dialect speaks)
{
    bool const is_binary = c.header(http::field::content_type) == octets;
    if (speaks.is_v3()) return is_binary ? eio::payload_form::binary : eio::payload_form::counted;
    if (is_binary) return std::nullopt;
    return eio::payload_form::separated;
}

}  // namespace

// The open packet does not go through the outbox: it is the answer to this request and to no other.
net::awaitable<void> polling_service::greet(http_connection& c, eio::engine_query const& q,
                                            session_ptr s, std::string open_packet)
{
    unanswered request{*s};
    eio::payload_writer writer{s->speaks().is_v3() ? eio::payload_form::counted
                                                   : eio::payload_form::separated};
    writer.add(open_packet);
    polling_transport::payload opening{writer.take(), false};
    if (!co_await pages_.respond(c, answer_to_get(c, q.jsonp, std::move(opening))))
        s->close(close_reason::transport_closed);
    request.answered = true;
}

net::awaitable<void> polling_service::serve(http_connection& c, eio::engine_query const& q,
                                            session_ptr s)
{
    unanswered request{*s};
    auto const method = c.request().method();
    if (method == http::verb::get)
        co_await serve_get(c, q, s);
    else if (method == http::verb::post)
        co_await serve_post(c, q, s);
    else
        co_await pages_.refuse(c, request_error::bad_request);
    request.answered = true;
}

// Only hands the GET over. The coroutines that came here end, and their frames are freed, before
// the client waits.
net::awaitable<void> polling_service::serve_get(http_connection& c, eio::engine_query const& q,
                                                session_ptr s)
{
    auto& wire = static_cast<polling_transport&>(s->wire());
    if (wire.getting()) {
        s->close(close_reason::overlapping_poll);
        co_return co_await pages_.refuse(c, request_error::bad_request);
    }
    c.defer(std::make_unique<polling_get>(c, wire, std::move(s), q.jsonp, pages_.reader_of(c)));
}

// The wire is held over the wait for the body, in which the session may end or move to a WebSocket;
// then the body is not taken (polling_transport::take), and the client is told so.
//
// A body that was cut ends the session, since what the client said is lost. One that is too long
// does not: it was refused as a whole, and the client knows.
net::awaitable<void> polling_service::serve_post(http_connection& c, eio::engine_query const& q,
                                                 session_ptr s)
{
    intrusive_ptr<polling_transport> const wire{static_cast<polling_transport*>(&s->wire())};
    if (wire->posting) {
        s->close(close_reason::overlapping_poll);
        co_return co_await pages_.refuse(c, request_error::bad_request);
    }
    auto const form = form_of(c, s->speaks());
    if (!form) {
        s->close(close_reason::parse_error);
        co_return co_await pages_.refuse(c, request_error::bad_request);
    }
    wire->posting = true;
    auto body = co_await c.read_body(max_payload_);
    wire->posting = false;
    if (!body) {  // one too long was refused, and nothing else has happened
        if (body.error() == body_error::broken)
            s->on_transport_end(*wire, close_reason::transport_closed);
        co_return;
    }
    if (!q.jsonp.empty()) body = eio::payload_of_jsonp(*body);
    if (!wire->take(*body, *form)) co_return co_await pages_.refuse(c, request_error::bad_request);
    co_await pages_.respond(c, c.answer(http::status::ok, "text/html", "ok"));
}

}  // namespace notify
