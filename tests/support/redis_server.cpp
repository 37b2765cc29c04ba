// SPDX-License-Identifier: MIT
#include "support/redis_server.hpp"

#include "base/net.hpp"
#include "base/random.hpp"
#include "support/certificate.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <stdexcept>
#include <thread>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace notify::test {

namespace {

using namespace std::chrono_literals;

// Below the range of ports that the kernel gives to outgoing connections: otherwise a client
// that connects to a stopped server may get that port itself, and connect to itself.
std::uint16_t free_port()
{
    net::io_context context;
    for (int i = 0; i < 200; ++i) {
        auto const port = static_cast<std::uint16_t>(20000 + random_below(12000));
        tcp::acceptor acceptor{context};
        error_code ec;
        acceptor.open(tcp::v4());
        acceptor.bind({net::ip::address_v4::loopback(), port}, ec);
        if (!ec) return port;
    }
    throw std::runtime_error("no free port");
}

}  // namespace

redis_server::redis_server(setup s) : setup_(std::move(s))
{
    if (setup_.tls) {
        auto const cert = make_certificate("DNS:localhost,IP:127.0.0.1");
        directory_.write("cert.pem", cert.pem);
        directory_.write("key.pem", cert.key_pem);
    }
    for (int tries = 0; tries < 5; ++tries) {  // somebody else may have taken the port meanwhile
        port_ = free_port();
        try {
            start();
            return;
        } catch (std::runtime_error const&) {
            if (tries == 4) throw;
        }
    }
}

redis_server::~redis_server() { kill(); }

void redis_server::spawn()
{
    auto const port = std::to_string(port_);
    std::vector<std::string> args{"redis-server",
                                  "--bind",
                                  "127.0.0.1",
                                  "--save",
                                  "",
                                  "--appendonly",
                                  "no",
                                  "--dir",
                                  directory_.file(""),
                                  "--logfile",
                                  directory_.file("redis.log"),
                                  "--unixsocket",
                                  directory_.file("redis.sock")};
    auto const add = [&](std::initializer_list<std::string> more) {
        args.insert(args.end(), more);
    };
    if (setup_.tls)
        add({"--port", "0", "--tls-port", port, "--tls-auth-clients", "no", "--tls-cert-file",
             directory_.file("cert.pem"), "--tls-key-file", directory_.file("key.pem"),
             "--tls-ca-cert-file", directory_.file("cert.pem")});
    else
        add({"--port", port});
    if (!setup_.password.empty()) add({"--requirepass", setup_.password});
    args.insert(args.end(), setup_.args.begin(), setup_.args.end());

    std::vector<char*> argv;
    for (auto& a : args) argv.push_back(a.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

void redis_server::start()
{
    spawn();
    for (auto const end = std::chrono::steady_clock::now() + 10s;
         std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(5ms)) {
        if (has_ended()) throw std::runtime_error("redis-server did not start; is it installed?");
        if (answers()) return;
    }
    kill();
    throw std::runtime_error("redis-server does not answer");
}

bool redis_server::has_ended()
{
    if (pid_ < 0) return true;
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
}

bool redis_server::answers() const
{
    try {
        return text({"PING"}) == "PONG";
    } catch (std::exception const&) {
        return false;
    }
}

void redis_server::kill()
{
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void redis_server::freeze() { ::kill(pid_, SIGSTOP); }

void redis_server::thaw() { ::kill(pid_, SIGCONT); }

std::string redis_server::url() const
{
    auto const secret = setup_.password.empty() ? "" : ":" + setup_.password + "@";
    return (setup_.tls ? "rediss://" : "redis://") + secret + "127.0.0.1:" + std::to_string(port_);
}

std::string redis_server::socket_url() const { return "unix://" + directory_.file("redis.sock"); }

redis::reply redis_server::command(std::initializer_list<std::string_view> args) const
{
    net::io_context context;
    net::local::stream_protocol::socket socket{context};
    socket.connect({directory_.file("redis.sock")});
    std::string out;
    std::size_t skip = 0;
    if (!setup_.password.empty()) {
        redis::append_command(out, {"AUTH", setup_.password});
        ++skip;
    }
    redis::append_command(out, args);
    net::write(socket, net::buffer(out));

    redis::reply_reader reader;
    for (std::string bytes(1 << 16, '\0');;) {
        auto const n = socket.read_some(net::buffer(bytes));
        reader.feed({bytes.data(), n});
        for (;;) {
            auto const r = reader.next();
            if (!r) throw std::runtime_error(r.error().message);
            if (!*r) break;
            if (skip-- == 0) return redis::reply{**r};
        }
    }
}

std::int64_t redis_server::number(std::initializer_list<std::string_view> args) const
{
    return command(args).view().integer();
}

std::string redis_server::text(std::initializer_list<std::string_view> args) const
{
    return std::string{command(args).view().text()};
}

std::int64_t redis_server::subscribers(std::string_view channel) const
{
    return command({"PUBSUB", "NUMSUB", channel}).view()[1].integer();
}

}  // namespace notify::test
