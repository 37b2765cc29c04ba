// SPDX-License-Identifier: MIT
//
// One connection while it speaks HTTP/1.1 (RFC 9112): reads requests, gives each to the service of
// its path, and writes the answers, one after the other.
//
// The listener begins it, or engine_server::adopt() if it comes from another shard. It ends as a
// closed socket, as a WebSocket (upgrade), or by moving to another shard (move_to).
//
//     listener -> http_connection -> router -> http_service (engine_endpoint, bundle_service, …)
//                      |  request_reader: bytes to requests
//                      |  outgoing_answer: answers to bytes
//                      `  connection_phase: what it does, and how long that may take
//
// Owned by its coroutine, on its shard: whatever is thrown in there destroys the connection too. It
// is in one phase at a time, and each phase in which the client has to do something
// has a deadline: the whole head, the whole body, the whole answer, and the pause between requests.
//
// A long-polling GET waits for most of its life, so what waits is small: see defer().
#pragma once

#include "base/net.hpp"
#include "base/timer_wheel.hpp"
#include "http/arrival.hpp"
#include "http/connection_phase.hpp"
#include "http/deferred_answer.hpp"
#include "http/http_context.hpp"
#include "http/http_message.hpp"
#include "http/late_socket.hpp"
#include "http/outgoing_answer.hpp"
#include "http/request_reader.hpp"
#include "http/request_target.hpp"
#include "http/router.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Why there is no body.
enum class body_error : std::uint8_t {
    too_long,  // refused; the client has lost nothing, since none of it was used
    broken,    // malformed or late, or the client went
};

class http_connection final : public listed_connection, private timer {
public:
    // Serves a connection until it ends. Returns as soon as that has to wait for something; what
    // has come already may be served before. Throws std::bad_alloc, and the socket is closed then.
    // REQUIRES: called on the shard's thread; context and routes outlive the connection.
    static void begin(http_context& context, router const& routes, arrival from);

    ~http_connection();

    [[nodiscard]] http_context& context() const { return context_; }
    // The peer, which may be a proxy: forwarded_client.hpp says who is behind it.
    [[nodiscard]] net::ip::address const& remote() const { return remote_; }

    // --- the request being served ---
    // Valid until the service returns, or has called upgrade() or move_to(). Views into
    // the request.

    [[nodiscard]] request_parser::value_type const& request() const { return reader_.request(); }
    [[nodiscard]] std::string_view path() const { return path_of(request().target()); }
    [[nodiscard]] std::string_view query() const { return query_of(request().target()); }
    // The first line of that header, or "".
    [[nodiscard]] std::string_view header(http_field name) const { return request()[name]; }

    [[nodiscard]] bool only_reads() const
    {
        return request().method() == http_verb::get || request().method() == http_verb::head;
    }

    // Reads the body, of at most limit bytes, and sends 100 Continue first to a client that waits
    // for it (RFC 9110 section 10.1.1). On an error the request is answered already, if anybody is
    // left to read that, and the connection ends: where the next request begins is not known.
    // REQUIRES: called once for each request.
    [[nodiscard]] net::awaitable<boost::system::result<std::string, body_error>> read_body(
        std::size_t limit);

    // --- answers ---

    // Makes an answer to the request with the headers that all have; sends nothing.
    [[nodiscard]] http_response answer(http_status status, std::string_view content_type,
                                       std::string body) const
    {
        return make_answer(status, content_type, std::move(body));
    }
    // Answers with a refusal, and counts it. The connection may go on.
    net::awaitable<void> refuse(http_refusal why) { return refuse_with(why, answer_of(why)); }
    // Sends an answer, with Content-Length and Connection set here and without its body after HEAD.
    // Returns when the kernel has taken all of it. False: the client went or does not read; the
    // connection ends when its service returns.
    [[nodiscard]] net::awaitable<bool> respond(http_response response);

    // The same for a deferred_answer: sends what the kernel takes at once, and does not wait. The
    // connection sends the rest after try_answer() has returned true.
    void begin_answer(http_response response);

    // For streamed_answer.hpp: sends a head whose body follows in pieces; sends a piece; and says
    // how many bytes of both the kernel has not taken yet. An answer that is not chunked ends with
    // its connection, as for HTTP/1.0.
    void begin_stream(http_response head, bool is_chunked);
    void continue_stream(std::string_view bytes);
    [[nodiscard]] std::size_t unsent() const { return outgoing_.unsent(); }

    // Has the request answered by `later` once its service has returned. The request and the frames
    // of the coroutines that served it are freed before the connection waits. Meanwhile the client
    // may send its next requests, up to 64 KiB; if it sends more, or goes, the answer ends.
    void defer(std::unique_ptr<deferred_answer> later) { deferred_ = std::move(later); }
    // Has the deferred answer asked again, soon and not from within this call. Does nothing unless
    // one waits: it is asked anyway before it waits.
    void wake();

    // --- its place ---

    // True if the connection has a place among --max-connections and may begin what lasts: a
    // session or a WebSocket. If it came as a guest, because all places were taken (base/capacity),
    // this tries once more to get one. A guest is served one request, and its connection ends.
    [[nodiscard]] bool try_settle() noexcept;

    // --- leaving HTTP ---

    // Takes a WebSocket handshake (RFC 6455 section 4.2). If the request is one, the socket is
    // moved out, and this connection ends when its service returns. The answer is the caller's to
    // send: so it goes out in one write, and often in one packet, with the session's first packet.
    // Nothing: the handshake was refused (bad_handshake), or the shard stops; the connection ends.
    [[nodiscard]] net::awaitable<std::optional<arrival>> upgrade();

    // Moves to another shard, which serves the request again, as if its head had just been read
    // there. This connection ends when its service returns.
    // REQUIRES: the body was not read and nothing was answered; shard is another one.
    void move_to(std::size_t shard);

    // See listed_connection.
    void cancel() override;
    void cancel_if_idle() override;
    void stop_if_resting() override;

private:
    using phase = connection_phase;

    http_connection(http_context& context, router const& routes, arrival from);

    static net::awaitable<void> run(std::unique_ptr<http_connection> self);
    net::awaitable<bool> read_request();
    net::awaitable<void> refuse_unread(error_code ec);
    net::awaitable<void> refuse_with(http_refusal why, http_response answer);
    net::awaitable<bool> finish_answer();
    net::awaitable<void> answer_later();
    [[nodiscard]] bool is_guest() const { return place_.is_of(context_.capacity.guests); }
    [[nodiscard]] bool may_live_on() const;
    [[nodiscard]] arrival release();
    void enter(phase p);
    void end();
    void on_timer(time_ms now) noexcept override;
    void say_at_once(http_refusal why) noexcept;

    http_context& context_;
    router const& routes_;
    late_socket socket_;  // closed once it was moved out: the coroutine ends then
    net::ip::address remote_;
    quota_share place_;  // of capacity.connections, or of capacity.guests
    request_reader reader_;
    std::unique_ptr<deferred_answer> deferred_;  // between defer() and the service's return
    outgoing_answer outgoing_;
    phase phase_;
    // Noted apart, since a deferred answer needs them when its request has been freed.
    bool keep_alive_ = true;     // another request may follow it
    bool head_request_ = false;  // it goes without its body
};

}  // namespace notify
