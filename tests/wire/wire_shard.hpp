// SPDX-License-Identifier: MIT
//
// What serves Engine.IO over HTTP on one shard, without a port, a thread or a clock: its
// connections are socket pairs, and whatever they bring is dealt with before the test
// goes on.
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "base/shard_clock.hpp"
#include "http/http_connection.hpp"
#include "http/http_context.hpp"
#include "http/origin_policy.hpp"
#include "http/router.hpp"
#include "http/socket_pair.hpp"
#include "protocol/websocket_frame.hpp"
#include "session/session_context.hpp"
#include "support/catch.hpp"
#include "support/recording_application.hpp"
#include "wire/engine_endpoint.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace notify::test {

struct wire_request {
    std::string query = "EIO=4&transport=polling";
    std::string headers{};  // lines, each ended by CR LF
    std::string method = "GET";
    std::string body{};
};

inline std::string const websocket_headers =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

struct wire_answer {
    unsigned status = 0;  // 0: there is none
    std::string head;
    std::string body;

    // The value of a header, or "".
    [[nodiscard]] std::string header(std::string_view name) const
    {
        auto const same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
        std::string const line = "\r\n" + std::string{name} + ": ";
        auto const at = std::search(head.begin(), head.end(), line.begin(), line.end(), same);
        if (at == head.end()) return "";
        auto const value = at + static_cast<std::ptrdiff_t>(line.size());
        return {value, std::find(value, head.end(), '\r')};
    }

    // The id of the session that it begins.
    [[nodiscard]] std::string sid() const
    {
        auto const name = body.find("sid");
        if (name == body.npos) return "";
        return body.substr(body.find_first_not_of("\\\":", name + 3), 20);  // escaped in a script
    }
};

// The usual options, but for the longest message in bytes.
inline eio::engine_options with_max_payload(std::size_t bytes)
{
    eio::engine_options options;
    options.max_payload = bytes;
    return options;
}

class wire_shard;

// A client's end of one connection.
class wire_client {
public:
    wire_client(wire_shard& shard, unique_fd fd) : shard_{&shard}, fd_{std::move(fd)} {}

    // Sends bytes, and has the shard deal with them.
    void send(std::string_view bytes);
    void ask(wire_request const& r)
    {
        std::string text = r.method + " /socket.io/?" + r.query + " HTTP/1.1\r\n" + r.headers;
        if (r.headers.find("Host: ") == r.headers.npos) text += "Host: site.example\r\n";
        if (r.method == "POST") text += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
        send(text + "\r\n" + r.body);
    }

    // The next answer, as far as it has come.
    wire_answer answer()
    {
        receive();
        wire_answer a;
        auto const end = input_.find("\r\n\r\n");
        if (end == input_.npos) return a;
        a.head = input_.substr(0, end + 2);
        a.status = static_cast<unsigned>(std::stoi(a.head.substr(9, 3)));
        auto const length = a.header("Content-Length");
        a.body = input_.substr(end + 4, length.empty() ? 0 : std::stoul(length));
        input_.erase(0, end + 4 + a.body.size());
        return a;
    }

    // Sends one frame as a WebSocket does.
    void say(std::string_view packet, ws::opcode op = ws::opcode::text)
    {
        std::string bytes;
        ws::append_masked_frame(bytes, op, packet, 0x12345678);
        send(bytes);
    }

    // The frames that have come since the last call: `text hello`, `close 1000 reason`.
    std::vector<std::string> heard()
    {
        receive();
        std::vector<std::string> frames;
        std::span<char> input{input_};
        for (;;) {
            ws::event const e = reader_.next(input, ws::role::client, 1 << 30);
            if (e.what == ws::event::kind::need_more) break;
            frames.push_back(name_of(e) + std::string{e.payload});
            if (e.what == ws::event::kind::close || e.what == ws::event::kind::error) break;
        }
        input_.clear();
        return frames;
    }

    // True once the shard has nothing more to say here.
    [[nodiscard]] bool is_ended()
    {
        receive();
        return ended_;
    }

    void hang_up();

private:
    static std::string name_of(ws::event const& e)
    {
        switch (e.what) {
        case ws::event::kind::text: return "text ";
        case ws::event::kind::binary: return "binary ";
        case ws::event::kind::ping: return "ping ";
        case ws::event::kind::pong: return "pong ";
        case ws::event::kind::close: return "close " + std::to_string(e.code) + " ";
        default: return "error ";
        }
    }

    void receive()
    {
        std::array<char, 16384> space;
        for (;;) {
            auto const n = ::recv(fd_.get(), space.data(), space.size(), MSG_DONTWAIT);
            ended_ = n == 0;
            if (n <= 0) return;
            input_.append(space.data(), static_cast<std::size_t>(n));
        }
    }

    wire_shard* shard_;
    unique_fd fd_;
    std::string input_;
    ws::frame_reader reader_;
    bool ended_ = false;
};

class wire_shard {
public:
    explicit wire_shard(eio::engine_options const& engine = {}, capacity_limits const& c = {},
                        http_options const& o = {})
        : limits{c},
          sessions{engine, limits, clock,
                   [this] { net::post(loop, [this] { sessions.flushes.flush(); }); }},
          http{loop, o, clock, limits}
    {
        routes.add("/socket.io/",
                   std::make_shared<engine_endpoint>(http, sessions, application, origins));
    }

    ~wire_shard()
    {
        for (auto const& s : sessions.sessions.all()) s->close(eio::close_reason::shutdown);
        for (listed_connection& c : http.connections) c.cancel();
        settle();
        http.wires.stop();
        settle();
    }

    // A connection, from this address.
    wire_client connect(char const* from = "127.0.0.1")
    {
        socket_pair pair;
        arrival a;
        a.socket = std::move(pair.ours);
        a.place = quota_share{limits.connections};
        if (!a.place) a.place = quota_share{limits.guests};
        a.remote = net::ip::make_address(from);
        http_connection::begin(http, routes, std::move(a));
        settle();
        return {*this, std::move(pair.theirs)};
    }

    // The answer to a request over a connection of its own.
    wire_answer ask(wire_request const& r, char const* from = "127.0.0.1")
    {
        wire_client c = connect(from);
        c.ask(r);
        return c.answer();
    }

    // Begins a session over polling. Returns the query for its requests.
    std::string open(std::string const& headers = "", std::string query = wire_request{}.query)
    {
        std::string const sid = ask({query, headers}).sid();
        REQUIRE(sid.size() == 20);
        return query + "&sid=" + sid;
    }

    // A WebSocket: a session of its own, or one to upgrade to, of this query.
    wire_client open_websocket(std::string const& query = "EIO=4&transport=websocket",
                               std::string const& headers = "")
    {
        wire_client c = connect();
        c.ask({query, websocket_headers + headers});
        REQUIRE(c.answer().status == 101);
        return c;
    }

    // The session that was begun last, or is the only one.
    eio::session& only()
    {
        auto const all = sessions.sessions.all();
        REQUIRE(all.size() == 1);
        return *all.front();
    }

    void send(std::string_view packet)
    {
        only().send(frame::text(packet));
        settle();
    }

    // Does all there is to do.
    void settle()
    {
        loop.restart();
        while (loop.poll() > 0) continue;
    }

    // Lets time pass, tick by tick.
    void pass(milliseconds time)
    {
        time_ms const until = clock.after(time);
        while (clock.now() < until) {
            clock.advance(std::min(clock.after(clock.tick()), until));
            settle();
        }
    }

    net::io_context loop{1};
    capacity limits;
    shard_clock clock;
    eio::session_context sessions;
    http_context http;
    origin_policy origins;
    recording_application application;
    router routes;
};

inline void wire_client::send(std::string_view bytes)
{
    REQUIRE(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
    shard_->settle();
}

inline void wire_client::hang_up()
{
    fd_ = unique_fd{};
    shard_->settle();
}

}  // namespace notify::test
