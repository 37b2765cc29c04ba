// SPDX-License-Identifier: MIT
#include "storm.hpp"

#include "base/unique_fd.hpp"
#include "crowd.hpp"
#include "loopback.hpp"
#include "testbed.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace notify::bench {

namespace {

// One kept connection of the server to the web app.
class visitor final : poller::watcher {
public:
    // on_gone may destroy it.
    visitor(poller& loop, unique_fd fd, std::function<void()> on_gone)
        : loop_{loop}, fd_{std::move(fd)}, on_gone_{std::move(on_gone)}
    {
        loop_.add(fd_.get(), EPOLLIN, *this);
    }
    visitor(visitor const&) = delete;
    visitor& operator=(visitor const&) = delete;
    ~visitor() { loop_.remove(fd_.get(), *this); }

private:
    void on_ready(std::uint32_t) override
    {
        std::array<char, 8192> some;
        ssize_t const n = ::recv(fd_.get(), some.data(), some.size(), MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) return std::exchange(on_gone_, {})();
        head_.append(some.data(), static_cast<std::size_t>(n));
        for (auto end = head_.find("\r\n\r\n"); end != head_.npos; end = head_.find("\r\n\r\n")) {
            answer(std::string_view{head_}.substr(0, end + 2));
            head_.erase(0, end + 4);
        }
    }

    void answer(std::string_view head)
    {
        constexpr std::string_view name = "sessionid=";
        head.remove_prefix(std::min(head.find(name), head.size() - name.size()) + name.size());
        std::string const body = fmt::format(R"({{"ok":true,"userId":"{}"}})",
                                             head.substr(0, head.find_first_of(";\r")));
        std::string const bytes = fmt::format(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            body.size(), body);
        std::ignore = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }

    poller& loop_;
    unique_fd fd_;
    std::function<void()> on_gone_;
    std::string head_;
};

// The web app that the server asks whose cookies it got. The value of the session cookie is the
// user's id. It answers at once, and counts the connections.
class web_app final : poller::watcher {
public:
    // Listens at a free port of loopback.
    explicit web_app(poller& loop) : loop_{loop}, listener_{bind_to_free_port(at_)}
    {
        if (::listen(listener_.get(), SOMAXCONN) != 0) throw std::runtime_error{"cannot listen"};
        loop_.add(listener_.get(), EPOLLIN, *this);
    }
    web_app(web_app const&) = delete;
    web_app& operator=(web_app const&) = delete;
    ~web_app() { loop_.remove(listener_.get(), *this); }

    [[nodiscard]] std::uint16_t port() const { return ntohs(at_.sin_port); }

    // The most connections at once since the last reset.
    [[nodiscard]] std::size_t most_at_once() const { return most_at_once_; }
    void reset_account() { most_at_once_ = visitors_.size(); }

private:
    void on_ready(std::uint32_t) override
    {
        unique_fd fd{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!fd) return;
        int const key = fd.get();
        visitors_.try_emplace(key, loop_, std::move(fd), [this, key] { visitors_.erase(key); });
        most_at_once_ = std::max(most_at_once_, visitors_.size());
    }

    poller& loop_;
    sockaddr_in at_{};
    unique_fd listener_;
    std::unordered_map<int, visitor> visitors_;  // by descriptor
    std::size_t most_at_once_ = 0;
};

}  // namespace

figures measure_storm(poller& loop, contestant const& server, scenario const& s)
{
    web_app app{loop};
    testbed const bed{loop, server, app.port()};
    crowd all{loop, bed.server(), s};
    std::vector<std::string> cookies;
    for (std::size_t n = 0; n < s.users; ++n) cookies.push_back(user_name(n));
    all.join(cookies, 256);

    figures f;
    f.ran = s;
    app.reset_account();
    f.storm = bed.effort_of([&] {
        all.leave();
        all.join(cookies, s.users);
    });
    f.web_app_at_once = app.most_at_once();
    return f;
}

}  // namespace notify::bench
