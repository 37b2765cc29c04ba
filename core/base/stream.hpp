// SPDX-License-Identifier: MIT
//
// One byte stream to a server: TCP, TLS over TCP, or a unix socket. Redis (redis), the web app
// (http/http_client) and notify-watch's gateway (client/websocket_stream) are all reached through
// it, so that name resolution, TLS verification and deadlines are written once. It is for
// connections that we begin; those of clients are wire/ and http/'s, and have no TLS.
//
// Models Asio's AsyncReadStream and AsyncWriteStream, so net::async_write and
// beast::http::async_read work on it. Reads and writes have no deadline: put a watchdog around
// them. One read and one write may be under way at a time. Used by one thread.
//
// Lifetime: must outlive every operation begun on it. close() ends them with operation_aborted, but
// their handlers run later. An owner that may be destroyed before that keeps the stream in a
// shared_ptr which its handlers hold too.
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

// Checks that the files of a TLS address can be read, and that key and certificate belong together.
// For the start of a program, where a wrong file can still be told to a person; connect() reads the
// files again. Blocks on the disk. The error is a sentence that names the file.
[[nodiscard]] result<void> check_tls_files(stream_address const& address);

class stream {
public:
    using executor_type = net::any_io_executor;
    using clock = std::chrono::steady_clock;

    explicit stream(net::any_io_executor const& executor) : socket_{executor} {}
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }

    // Resolves the name, tries each of its addresses in turn, and shakes hands if it is TLS (1.2 or
    // later): the certificate must be valid for address.host, by name or by address. A connection
    // that was open is closed first. `within` is the deadline for all of it together. The error is
    // a sentence that names the address, and the stream is closed or half-open then: close() it, or
    // connect again. Files of a TLS address are read each time, so that renewed ones count from the
    // next connection on. REQUIRES: no operation under way.
    [[nodiscard]] net::awaitable<result<void>> connect(stream_address address,
                                                       std::chrono::milliseconds within);

    // True while there is a socket: already during connect(), and still when the other side has
    // closed.
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }

    // True if a connection that rests can be used for another question: all that the other side has
    // said was read, not even a part of a TLS record is left, and it has not closed. An answer that
    // was left unread would be taken for that to the next question, which is another user's.
    //
    // Does not block. If false, a byte may have been lost: the stream must be closed. REQUIRES: no
    // operation under way.
    [[nodiscard]] bool silent();

    // True if a read has failed with ec because the server wants a certificate of ours and got
    // none. In TLS 1.3 a client has shaken hands before the server looks, so connect() has
    // succeeded then.
    [[nodiscard]] static bool wants_certificate(error_code const& ec);

    // Ends what is under way with an error, connect() included, but calls no handler before it
    // returns. TLS is cut and not shut down: the protocols above know where their messages end, so
    // they notice a cut one by themselves. May be called at any time, and again.
    void close();

    // What Asio asks of an AsyncReadStream: reads what there is, at least a byte. After a failure
    // with TLS the stream is of no use. REQUIRES: connect() has succeeded; the memory lives until
    // the handler runs.
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

    // What Asio asks of an AsyncWriteStream: may write less than it is given; net::async_write()
    // repeats it. REQUIRES: as for async_read_some().
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
    std::unique_ptr<net::ssl::context> context_;                // of tls_, which it has to outlive
    std::unique_ptr<net::ssl::stream<protocol::socket&>> tls_;  // over socket_; null without TLS
    std::shared_ptr<lookup> lookup_;                            // while a name is being resolved
    bool closed_ = false;  // close() was called since connect() began
};

}  // namespace notify
