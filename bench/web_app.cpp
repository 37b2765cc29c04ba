// SPDX-License-Identifier: MIT
#include "web_app.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace notify::bench {

namespace {

// The value of the session cookie in a request's head.
std::string_view session_in(std::string_view head)
{
    constexpr std::string_view name = "sessionid=";
    auto const at = head.find(name);
    if (at == head.npos) return {};
    head.remove_prefix(at + name.size());
    return head.substr(0, head.find_first_of(";\r"));
}

unique_fd listen_on_loopback(std::uint16_t& port)
{
    unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(fd.get(), address, size) != 0 || ::listen(fd.get(), SOMAXCONN) != 0 ||
        ::getsockname(fd.get(), address, &size) != 0)
        throw std::runtime_error{fmt::format("cannot listen: {}", std::strerror(errno))};
    port = ntohs(at.sin_port);
    return fd;
}

}  // namespace

// One kept connection of the server.
class web_app::visitor final : poller::watcher {
public:
    visitor(web_app& owner, unique_fd fd) : owner_{owner}, fd_{std::move(fd)}
    {
        owner_.loop_.add(fd_.get(), EPOLLIN, *this);
    }
    ~visitor() { owner_.loop_.remove(fd_.get(), *this); }

private:
    void on_ready(std::uint32_t) override
    {
        std::array<char, 8192> some;
        ssize_t const n = ::recv(fd_.get(), some.data(), some.size(), MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) return owner_.forget(*this);
        head_.append(some.data(), static_cast<std::size_t>(n));
        for (auto end = head_.find("\r\n\r\n"); end != head_.npos; end = head_.find("\r\n\r\n")) {
            answer(std::string_view{head_}.substr(0, end + 2));
            head_.erase(0, end + 4);
        }
    }

    void answer(std::string_view head)
    {
        ++owner_.asked_;
        std::string const body = fmt::format(R"({{"ok":true,"userId":"{}"}})", session_in(head));
        std::string const bytes = fmt::format(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            body.size(), body);
        std::ignore = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }

    web_app& owner_;
    unique_fd fd_;
    std::string head_;
};

web_app::web_app(poller& loop) : loop_{loop}, listener_{listen_on_loopback(port_)}
{
    loop_.add(listener_.get(), EPOLLIN, *this);
}

web_app::~web_app() { loop_.remove(listener_.get(), *this); }

void web_app::reset_account()
{
    asked_ = 0;
    most_at_once_ = visitors_.size();
}

void web_app::on_ready(std::uint32_t)
{
    unique_fd fd{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!fd) return;
    auto v = std::make_unique<visitor>(*this, std::move(fd));
    visitor* const key = v.get();
    visitors_.emplace(key, std::move(v));
    most_at_once_ = std::max(most_at_once_, visitors_.size());
}

void web_app::forget(visitor& v) { visitors_.erase(&v); }

}  // namespace notify::bench
