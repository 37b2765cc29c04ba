// SPDX-License-Identifier: MIT
//
// One byte stream to a server: TCP, TLS over TCP, or a unix socket. Redis, the
// web app and notify-watch's gateway are all reached through it, so that name
// resolution, TLS verification and deadlines are written once.
//
// Models Asio's AsyncReadStream and AsyncWriteStream, so net::async_write and
// beast::http::async_read work on it. One read and one write may be under way at
// a time. Used by one thread.
//
// Lifetime: must outlive every operation begun on it. close() ends them soon,
// with operation_aborted, but not at once; whoever may go away meanwhile lets
// its handlers share ownership.
#pragma once

#include "base/net.hpp"
#include "base/result.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace notify {

// Where a stream leads.
struct stream_address {
    enum class kind { plain, tls, local };

    kind how = kind::plain;
    std::string host;        // plain, tls: a name or a literal address, IPv6 without brackets
    std::uint16_t port = 0;  // plain, tls
    std::string path;        // local: of the unix socket
    std::string ca_file;     // tls: PEM file of the authorities to trust; empty: the system's
    std::string cert_file;   // tls: PEM file of our own certificate, and its chain; or empty
    std::string key_file;    // tls: PEM file of its private key

    // "example.org:6379", "[::1]:6379" or "/run/redis.sock", for people.
    [[nodiscard]] std::string to_string() const;
};

// Checks that the files of a TLS address can be read, and that key and certificate
// belong together. The error is a sentence that names the file.
[[nodiscard]] result<void> check_tls_files(stream_address const& address);

class stream {
public:
    using executor_type = net::any_io_executor;
    using clock = std::chrono::steady_clock;

    explicit stream(net::any_io_executor const& executor) : socket_{executor} {}
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }

    // Resolves the name, tries each of its addresses, and shakes hands if it is
    // TLS: the certificate must be valid for the host. The error is a sentence
    // that names the address. REQUIRES: no operation under way.
    [[nodiscard]] net::awaitable<result<void>> connect(stream_address address,
                                                       std::chrono::milliseconds within);

    [[nodiscard]] bool is_open() const { return socket_.is_open(); }

    // True if all that the other side has said was read, and it has not closed; of
    // TLS, not even a part of a record is left. Otherwise a byte may be lost now: to
    // be closed. REQUIRES: no operation under way.
    [[nodiscard]] bool silent();

    // True if a read has failed because the server asks for a certificate of ours:
    // in TLS 1.3 it says so after the handshake.
    [[nodiscard]] static bool wants_certificate(error_code const& ec);

    // Ends what is under way, connect() included. TLS is cut, not shut down:
    // the protocols above know where their messages end.
    void close();

    template <class MutableBuffers, class CompletionToken>
    auto async_read_some(MutableBuffers const& buffers, CompletionToken&& token)
    {
        return net::async_initiate<CompletionToken, void(error_code, std::size_t)>(
            [this](auto handler, MutableBuffers const& b) {
                if (tls_)
                    tls_->async_read_some(b, std::move(handler));
                else
                    socket_.async_read_some(b, std::move(handler));
            },
            token, buffers);
    }

    template <class ConstBuffers, class CompletionToken>
    auto async_write_some(ConstBuffers const& buffers, CompletionToken&& token)
    {
        return net::async_initiate<CompletionToken, void(error_code, std::size_t)>(
            [this](auto handler, ConstBuffers const& b) {
                if (tls_)
                    tls_->async_write_some(b, std::move(handler));
                else
                    socket_.async_write_some(b, std::move(handler));
            },
            token, buffers);
    }

private:
    using protocol = net::generic::stream_protocol;
    using endpoints = std::vector<protocol::endpoint>;
    struct lookup;

    net::awaitable<result<endpoints>> resolve(stream_address const& address,
                                              clock::time_point until);
    net::awaitable<error_code> connect_any(endpoints const& all, clock::time_point until);
    net::awaitable<error_code> connect_one(protocol::endpoint const& to, clock::time_point until);
    net::awaitable<result<void>> shake_hands(stream_address const& address,
                                             clock::time_point until);

    protocol::socket socket_;
    std::unique_ptr<net::ssl::context> context_;
    std::unique_ptr<net::ssl::stream<protocol::socket&>> tls_;
    std::shared_ptr<lookup> lookup_;  // while a name is being resolved
    bool closed_ = false;             // close() since connect() began
};

}  // namespace notify
