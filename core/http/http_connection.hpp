// SPDX-License-Identifier: MIT
//
// One connection while it speaks HTTP/1.1 (RFC 9112): reads requests, gives each
// to the service of its path, and writes the answers. It ends as a closed
// socket, as a WebSocket, or by moving to another shard.
//
// Owned by its coroutine, on its shard. It is in one phase at a time, and each phase in
// which the client has to do something has a deadline (connection_phase.hpp): the whole
// head, the whole body, the whole answer, and the pause between requests.
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

enum class body_error : std::uint8_t {
    too_long,
    broken,  // malformed or late, or the client went
};

class http_connection final : public listed_connection, private timer {
public:
    // Serves a connection until it ends; returns at once.
    // REQUIRES: context and routes outlive it.
    static void begin(http_context& context, router const& routes, arrival from);

    ~http_connection();

    [[nodiscard]] http_context& context() const { return context_; }
    [[nodiscard]] net::ip::address const& remote() const { return remote_; }

    // --- the request being served ---

    [[nodiscard]] request_parser::value_type const& request() const { return reader_.request(); }
    [[nodiscard]] std::string_view path() const { return path_of(request().target()); }
    [[nodiscard]] std::string_view query() const { return query_of(request().target()); }
    [[nodiscard]] std::string_view header(http_field name) const { return request()[name]; }

    [[nodiscard]] bool only_reads() const
    {
        return request().method() == http_verb::get || request().method() == http_verb::head;
    }

    // Reads the body, of at most limit bytes. What failed was answered where
    // anybody is left to read it, and the connection ends.
    [[nodiscard]] net::awaitable<boost::system::result<std::string, body_error>> read_body(
        std::size_t limit);

    // --- answers ---

    // Makes an answer to the request with the usual headers.
    [[nodiscard]] http_response answer(http_status status, std::string_view content_type,
                                       std::string body) const
    {
        return make_answer(status, content_type, std::move(body));
    }
    // Answers with a refusal, and counts it.
    net::awaitable<void> refuse(http_refusal why) { return refuse_with(why, answer_of(why)); }
    // Writes an answer. False if the client went or does not read.
    [[nodiscard]] net::awaitable<bool> respond(http_response response);

    // Sends of an answer what the kernel takes at once; the rest follows.
    void begin_answer(http_response response);

    // For streamed_answer.hpp. The same of a head whose body follows in pieces; each piece;
    // and how many bytes of both the kernel has not taken yet.
    void begin_stream(http_response head, bool is_chunked);
    void continue_stream(std::string_view bytes);
    [[nodiscard]] std::size_t unsent() const { return outgoing_.unsent(); }

    // Has the request answered after its service has returned, at once or after a wake().
    void defer(std::unique_ptr<deferred_answer> later) { deferred_ = std::move(later); }
    void wake();

    // --- its place ---

    // Whether it has a place among the process' connections, and may begin what
    // lasts: a session, a WebSocket. It came as a guest if all were taken (capacity.hpp);
    // then this looks for one again. A guest is served one request.
    [[nodiscard]] bool try_settle() noexcept;

    // --- leaving HTTP ---

    // Takes a WebSocket handshake (RFC 6455 section 4.2). Nothing if it was refused;
    // the socket is gone from here otherwise, and the answer is the caller's to
    // send, so that it goes out in one write with what follows.
    [[nodiscard]] net::awaitable<std::optional<arrival>> upgrade();

    // Moves to another shard, which serves the request from its head on.
    void move_to(std::size_t shard);

    void cancel() override;
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
    late_socket socket_;
    net::ip::address remote_;
    quota_share place_;
    request_reader reader_;
    std::unique_ptr<deferred_answer> deferred_;
    outgoing_answer outgoing_;
    phase phase_;
    // What the answer needs to know when its request is forgotten.
    bool keep_alive_ = true;     // another request may follow it
    bool head_request_ = false;  // it goes without its body
};

}  // namespace notify
