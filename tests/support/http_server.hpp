// SPDX-License-Identifier: MIT
//
// A small HTTP server on loopback that runs in the test's own loop. It keeps connections open,
// and a derived class says how each request is answered.
#pragma once

#include "base/net.hpp"
#include "http/http_url.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace notify::test {

// Belongs to the loop's thread. REQUIRES: the loop runs no more once this has gone.
class http_server {
public:
    explicit http_server(net::io_context& loop)
        : acceptor_{loop, {net::ip::address_v4::loopback(), 0}}
    {
        net::co_spawn(loop, accept(), net::detached);
    }
    virtual ~http_server() = default;

    [[nodiscard]] http_url url() const
    {
        auto const port = std::to_string(acceptor_.local_endpoint().port());
        return *parse_http_url("http://127.0.0.1:" + port + "/who");
    }

    // Sends bytes on the newest connection without a request.
    void say(std::string_view unasked) { net::write(*newest_, net::buffer(unasked)); }

    int connections = 0;  // so far

protected:
    // Returns the bytes that answer a request with this head. The flag says whether it is the
    // first of its connection. "" ends the connection.
    virtual net::awaitable<std::string> answer(std::string head, bool is_first) = 0;

    // An answer with this status, such as "200 OK".
    [[nodiscard]] static std::string answer_of(std::string_view status, std::string_view body)
    {
        std::string bytes = "HTTP/1.1 ";
        bytes.append(status).append("\r\nContent-Length: ").append(std::to_string(body.size()));
        return bytes.append("\r\n\r\n").append(body);
    }

private:
    net::awaitable<void> accept()
    {
        for (;;) {
            tcp::socket socket = co_await acceptor_.async_accept(net::use_awaitable);
            ++connections;
            newest_ = std::make_shared<tcp::socket>(std::move(socket));
            net::co_spawn(acceptor_.get_executor(), serve(newest_), net::detached);
        }
    }

    net::awaitable<void> serve(std::shared_ptr<tcp::socket> socket)
    {
        std::string buffer;
        for (bool is_first = true;; is_first = false) {
            auto const n = co_await net::async_read_until(*socket, net::dynamic_buffer(buffer),
                                                          "\r\n\r\n", net::use_awaitable);
            std::string head = buffer.substr(0, n);
            buffer.erase(0, n);
            std::string const bytes = co_await answer(std::move(head), is_first);
            if (bytes.empty()) co_return socket->close();
            co_await net::async_write(*socket, net::buffer(bytes), net::use_awaitable);
        }
    }

    tcp::acceptor acceptor_;
    std::shared_ptr<tcp::socket> newest_;
};

}  // namespace notify::test
