// SPDX-License-Identifier: MIT
#include "websocket_echo.hpp"

#include "base/spawn.hpp"
#include "http/arrival.hpp"
#include "http/http_connection.hpp"
#include "http/lingering_close.hpp"
#include "protocol/websocket_frame.hpp"

#include <boost/asio/write.hpp>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace notify::conformance {

namespace {

// "" for what gets none.
std::string answer_to(ws::event const& e)
{
    using kind = ws::event::kind;
    std::string bytes;
    switch (e.what) {
    case kind::text: ws::append_frame(bytes, ws::opcode::text, e.payload); break;
    case kind::binary: ws::append_frame(bytes, ws::opcode::binary, e.payload); break;
    case kind::ping: ws::append_frame(bytes, ws::opcode::pong, e.payload); break;
    case kind::close: ws::append_close(bytes, e.code == 1005 ? 1000 : e.code, ""); break;
    case kind::error: ws::append_close(bytes, e.code, e.payload); break;
    case kind::pong:
    case kind::need_more: break;
    }
    return bytes;
}

bool is_end(ws::event const& e)
{
    return e.what == ws::event::kind::close || e.what == ws::event::kind::error;
}

}  // namespace

class websocket_echo::echo final : public connection {
public:
    echo(http_context& context, arrival from, std::size_t max_message)
        : context_{context}, socket_{context.loop}, max_message_{max_message}
    {
        socket_.assign(tcp::v4(), from.socket.release());
        auto const early = from.buffer.data();
        auto const* const begin = static_cast<char const*>(early.data());
        early_.assign(begin, begin + early.size());
        place_ = std::move(from.place);
        handshake_answer_ = std::move(from.answer);
    }

    static net::awaitable<void> run(std::unique_ptr<echo> self) { co_await self->run(); }

    void stop() override { socket_.cancel(); }

private:
    net::awaitable<void> run()
    {
        std::vector<char> bytes = std::move(early_);
        co_await net::async_write(socket_, net::buffer(handshake_answer_), as_result);
        while (!context_.stopping) {
            bool const goes_on = co_await answer(bytes);
            if (!goes_on) break;
            bytes.resize(64 * 1024);
            auto const [ec, n] = co_await socket_.async_read_some(net::buffer(bytes), as_result);
            if (ec) break;
            bytes.resize(n);
        }
        close_lingering(context_, unique_fd{socket_.release()}, std::move(place_));
    }

    // Answers all that bytes hold. False when the WebSocket has ended.
    net::awaitable<bool> answer(std::span<char> bytes)
    {
        for (;;) {
            ws::event const e = reader_.next(bytes, ws::role::server, max_message_);
            if (e.what == ws::event::kind::need_more) co_return true;
            bool const end = is_end(e);
            if (std::string const said = answer_to(e); !said.empty()) {
                auto const [ec, n] =
                    co_await net::async_write(socket_, net::buffer(said), as_result);
                if (ec) co_return false;
            }
            if (end) co_return false;
        }
    }

    http_context& context_;
    tcp::socket socket_;
    ws::frame_reader reader_;
    std::vector<char> early_;  // what came with the handshake
    quota_share place_;
    std::string handshake_answer_;
    std::size_t const max_message_;
};

net::awaitable<void> websocket_echo::serve(http_connection& c)
{
    http_context& context = c.context();
    auto upgraded = co_await c.upgrade();
    if (!upgraded) co_return;
    auto e = std::make_unique<echo>(context, std::move(*upgraded), max_message_);
    open_.push_back(*e);
    spawn(context.loop.get_executor(), echo::run(std::move(e)), "WebSocket");
}

void websocket_echo::stop()
{
    for (connection& c : open_) c.stop();
}

}  // namespace notify::conformance
