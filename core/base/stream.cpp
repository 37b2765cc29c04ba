// SPDX-License-Identifier: MIT
#include "base/stream.hpp"

#include "base/quoted.hpp"
#include "base/watchdog.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace notify {

namespace {

using std::chrono::milliseconds;

// Closes the socket alone. A deadline uses it in place of close(), which would make the failure
// look like one that the owner asked for.
void shut(net::generic::stream_protocol::socket& s)
{
    error_code ignored;
    s.close(ignored);
}

bool is_literal(std::string const& host)
{
    error_code ec;
    net::ip::make_address(host, ec);
    return !ec;
}

// Asks for a certificate that is valid for host, by name or by address. Without this OpenSSL
// accepts that of any host, if a trusted authority has signed it.
void expect_host(SSL* ssl, std::string const& host)
{
    if (is_literal(host)) {  // RFC 6066 section 3: no literal addresses in SNI
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    } else {
        SSL_set1_host(ssl, host.c_str());
        SSL_set_tlsext_host_name(ssl, host.c_str());
    }
}

// Returns what went wrong in a TLS handshake, for people. The verdict on the certificate comes
// first: ec says no more of it than "certificate verify failed".
std::string tls_reason(SSL* ssl, error_code const& ec)
{
    if (long const verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
        return fmt::format("the certificate was not accepted: {}",
                           X509_verify_cert_error_string(verdict));
    if (ec == net::error::eof || ec == net::ssl::error::stream_truncated ||
        ec == net::error::connection_reset)
        return "the server closed the connection during the TLS handshake; does it speak TLS?";
    if (ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_WRONG_VERSION_NUMBER)
        return "the server does not speak TLS";
    return fmt::format("the TLS handshake failed: {}", ec.message());
}

// Returns why OpenSSL could not use a file. OpenSSL's own errors are for its developers ("no start
// line"), so the file is looked at once more: the system's reason, or what is wrong with its
// content.
error unusable(std::string_view what, std::string const& path)
{
    auto const because = [&](std::string_view why) {
        return error{fmt::format("cannot read the {} {}: {}", what, in_quotes(path), why)};
    };
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
        return because("it is a directory");
    errno = 0;
    std::ifstream file{path};
    if (!file) return because(std::strerror(errno));
    std::string text(64 * 1024, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    return because(text.find("ENCRYPTED") == text.npos ? "it holds none in PEM form"
                                                       : "it is encrypted, which is not supported");
}

// Sets the certificate that the server may ask for. Without a callback OpenSSL would ask for the
// password of an encrypted key on the terminal; with this one such a key is refused.
result<void> show_certificate(net::ssl::context& context, stream_address const& a)
{
    error_code ec;
    context.set_password_callback([](std::size_t, auto) { return std::string{}; }, ec);
    context.use_certificate_chain_file(a.cert_file, ec);
    if (ec) return unusable("certificate", a.cert_file);
    SSL_CTX* const ssl = context.native_handle();
    context.use_private_key_file(a.key_file, net::ssl::context::pem, ec);
    if (ec && ERR_GET_REASON(static_cast<unsigned long>(ec.value())) != X509_R_KEY_VALUES_MISMATCH)
        return unusable("private key", a.key_file);
    if (ec || SSL_CTX_check_private_key(ssl) != 1)
        return error{fmt::format("the private key {} does not belong to the certificate {}",
                                 in_quotes(a.key_file), in_quotes(a.cert_file))};
    return result<void>{};
}

// Returns a context that verifies servers by the authorities of a, or the system's.
result<std::unique_ptr<net::ssl::context>> make_context(stream_address const& a)
{
    ERR_clear_error();
    auto context = std::make_unique<net::ssl::context>(net::ssl::context::tls_client);
    error_code ec;
    if (a.ca_file.empty())
        context->set_default_verify_paths(ec);
    else
        context->load_verify_file(a.ca_file, ec);
    if (ec) return unusable("file of authorities", a.ca_file);
    if (!a.cert_file.empty()) {
        if (auto const shown = show_certificate(*context, a); !shown) return shown.error();
    }
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(net::ssl::verify_peer, ec);
    return context;
}

}  // namespace

// A name that is being resolved. Asio runs getaddrinfo() on a thread of its own, and that call can
// be neither cancelled nor given a deadline. So the coroutine waits for the timer, which the
// deadline, the answer or close() ends. The answer may come later, so its handler shares this.
struct stream::lookup {
    explicit lookup(net::any_io_executor const& executor) : resolver(executor), wake(executor) {}
    tcp::resolver resolver;
    net::steady_timer wake;
    tcp::resolver::results_type results;
    error_code ec;
    bool done = false;
};

std::string stream_address::to_string() const
{
    if (how == kind::local) return path;
    bool const v6 = host.find(':') != host.npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

result<void> check_tls_files(stream_address const& address)
{
    auto const context = make_context(address);
    return context ? result<void>{} : context.error();
}

bool stream::wants_certificate(error_code const& ec)
{
    return ec.category() == net::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(ec.value())) ==
               SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
}

// Tries to read a byte, instead of looking into each layer in turn: what is unread may rest in the
// kernel, in a buffer of Asio's, between Asio and OpenSSL, or inside OpenSSL.
bool stream::silent()
{
    error_code ec;
    if (is_open()) socket_.non_blocking(true, ec);
    if (!is_open() || ec) return false;
    char byte = 0;
    auto const one = net::buffer(&byte, 1);
    if (tls_)
        tls_->read_some(one, ec);
    else
        socket_.read_some(one, ec);
    if (ec != net::error::would_block) return false;
    return !tls_ || !SSL_has_pending(tls_->native_handle());  // a part of a record
}

void stream::close()
{
    closed_ = true;
    shut(socket_);
    if (lookup_) lookup_->wake.cancel();
}

// If close() was called or the time is over, whatever failed last has failed for that.
net::awaitable<result<void>> stream::connect(stream_address address, milliseconds within)
{
    auto const until = clock::now() + within;
    auto const late = [&] { return !closed_ && clock::now() >= until; };
    auto const failed = [&](std::string const& reason) {
        return error{late() ? fmt::format("no answer from {} within {} ms", address.to_string(),
                                          within.count())
                            : fmt::format("cannot connect to {}: {}", address.to_string(),
                                          closed_ ? "given up" : reason)};
    };

    close();
    tls_.reset();
    closed_ = false;
    auto const all = co_await resolve(address, until);
    if (!all) co_return failed(all.error().message);
    if (auto const ec = co_await connect_any(*all, until)) co_return failed(ec.message());
    if (address.how != stream_address::kind::tls) co_return result<void>{};
    auto const shaken = co_await shake_hands(address, until);
    if (!shaken) {
        auto const e = failed(shaken.error().message);
        close();
        co_return e;
    }
    co_return result<void>{};
}

// Returns the endpoints to try. A unix socket and a literal address need no resolver.
net::awaitable<result<stream::endpoints>> stream::resolve(stream_address const& address,
                                                          clock::time_point until)
{
    endpoints found;
    if (address.how == stream_address::kind::local) {
        if (address.path.size() >= sizeof(sockaddr_un::sun_path))
            co_return error{fmt::format("the path has {} bytes, a unix socket's at most {}",
                                        address.path.size(), sizeof(sockaddr_un::sun_path) - 1)};
        found.emplace_back(net::local::stream_protocol::endpoint{address.path});
        co_return found;
    }
    error_code ec;
    if (auto const literal = net::ip::make_address(address.host, ec); !ec) {
        found.emplace_back(tcp::endpoint{literal, address.port});
        co_return found;
    }

    auto const answer = std::make_shared<lookup>(socket_.get_executor());
    answer->wake.expires_at(until);
    answer->resolver.async_resolve(
        address.host, std::to_string(address.port), tcp::resolver::numeric_service,
        [answer](error_code const& e, tcp::resolver::results_type results) {
            answer->ec = e;
            answer->results = std::move(results);
            answer->done = true;
            answer->wake.cancel();
        });
    lookup_ = answer;
    co_await answer->wake.async_wait(as_result);
    lookup_.reset();
    if (!answer->done) co_return error{"the name could not be resolved in time"};
    if (answer->ec) co_return error{answer->ec.message()};
    for (auto const& entry : answer->results) found.emplace_back(entry.endpoint());
    co_return found;
}

// Shares the time among the addresses, so that one that swallows packets leaves some to the next:
// each gets an equal part of what is left. Returns the last error.
net::awaitable<error_code> stream::connect_any(endpoints const& all, clock::time_point until)
{
    error_code ec = net::error::host_not_found;
    for (std::size_t i = 0; i < all.size() && !closed_; ++i) {
        auto const now = clock::now();
        auto const share = (until - now) / static_cast<int>(all.size() - i);
        ec = co_await connect_one(all[i], now + share);
        if (!ec) co_return ec;
    }
    co_return ec;
}

// The success may be queued already when close() is called: without a socket it counts as aborted.
net::awaitable<error_code> stream::connect_one(protocol::endpoint const& to,
                                               clock::time_point until)
{
    shut(socket_);
    error_code failed;
    socket_.open(to.protocol(), failed);
    if (failed) co_return failed;
    watchdog const limit{get_executor(), until, [this] { shut(socket_); }};
    auto const [ec] = co_await socket_.async_connect(to, as_result);
    if (limit.expired()) co_return net::error::timed_out;
    if (!ec && !socket_.is_open()) co_return net::error::operation_aborted;
    error_code ignored;  // a unix socket has no Nagle to switch off
    if (!ec && to.protocol().family() != AF_UNIX) socket_.set_option(tcp::no_delay{true}, ignored);
    co_return ec;
}

// tls_ refers to context_, so it is destroyed before context_ is replaced.
net::awaitable<result<void>> stream::shake_hands(stream_address const& address,
                                                 clock::time_point until)
{
    auto context = make_context(address);
    if (!context) co_return context.error();
    tls_.reset();
    context_ = std::move(*context);
    tls_ = std::make_unique<net::ssl::stream<protocol::socket&>>(socket_, *context_);
    expect_host(tls_->native_handle(), address.host);

    watchdog const limit{get_executor(), until, [this] { shut(socket_); }};
    auto const [ec] = co_await tls_->async_handshake(net::ssl::stream_base::client, as_result);
    if (ec) co_return error{tls_reason(tls_->native_handle(), ec)};
    co_return result<void>{};
}

}  // namespace notify
