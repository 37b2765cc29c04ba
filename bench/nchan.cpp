// SPDX-License-Identifier: MIT
#include "nchan.hpp"

#include "publisher.hpp"
#include "stamp.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace notify::bench {

std::vector<std::string> nchan_command(std::filesystem::path const& folder, std::uint16_t port)
{
    std::filesystem::path const file = folder / "nginx.conf";
    std::ofstream{file} << fmt::format(R"(load_module {};
daemon off; master_process off; pid {}/nginx.pid; worker_rlimit_nofile 20000;
events {{ worker_connections 19990; }}
http {{
    access_log off; client_body_temp_path {}/body; nchan_shared_memory_size 512M;
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{};
        location = /sub {{ nchan_subscriber websocket; nchan_channel_id $arg_id;
                           nchan_subscriber_first_message newest; nchan_websocket_ping_interval 25; }}
        location = /pub {{ nchan_publisher; nchan_channel_id $arg_id; nchan_store_messages off; }}
    }}
}}
)",
                                       nchan_module, folder.string(), folder.string(), port);
    return {"nginx", "-p", folder.string(), "-e", "stderr", "-c", file.string()};
}

std::uint16_t free_port()
{
    unique_fd const fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(fd.get(), address, size) != 0 || ::getsockname(fd.get(), address, &size) != 0)
        throw std::runtime_error{fmt::format("no free port: {}", std::strerror(errno))};
    return ntohs(at.sin_port);
}

std::string nchan_tab::target() const { return "/sub?id=" + user(); }

http_outlet::http_outlet(poller& loop, sockaddr_in const& at)
    : loop_{loop}, socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    if (::connect(socket_.get(), reinterpret_cast<sockaddr const*>(&at), sizeof at) != 0)
        throw std::runtime_error{fmt::format("cannot connect: {}", std::strerror(errno))};
    loop_.add(socket_.get(), EPOLLIN, *this);
}

http_outlet::~http_outlet() { loop_.remove(socket_.get(), *this); }

std::string http_outlet::address_of(std::string const& user) const
{
    return fmt::format("POST /pub?id={} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
                       user, stamp::size);
}

void http_outlet::queue(std::string_view address, std::string_view text)
{
    out_.bytes() += address;
    out_.bytes() += text;
}

// What the answers say is not looked at: the tabs know what came.
void http_outlet::on_ready(std::uint32_t events)
{
    if (events & EPOLLOUT) out_.flush();
    ssize_t const n = ::recv(socket_.get(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (n == 0) throw std::runtime_error{"the server takes no more messages"};
}

}  // namespace notify::bench
