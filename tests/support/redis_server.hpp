// SPDX-License-Identifier: MIT
//
// A real redis-server for one test, on a free port of 127.0.0.1, in a folder of its own,
// without persistence. It ends with this object, and with the test even if that is killed.
#pragma once

#include "redis/resp.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace notify::test {

class redis_server {
public:
    struct setup {
        std::string password;           // of the default user
        bool tls = false;               // the port speaks TLS; trust ca_file()
        std::vector<std::string> args;  // more of redis-server's command line: "--maxmemory", "1mb"
    };

    // Starts and returns when it answers. Throws if it cannot.
    redis_server() : redis_server(setup{}) {}
    explicit redis_server(setup s);
    redis_server(redis_server const&) = delete;
    redis_server& operator=(redis_server const&) = delete;
    ~redis_server();

    // Kills it; its data is lost. It may be started again, on the same port.
    void kill();
    void start();

    // While frozen it answers nothing, although the kernel still accepts connections.
    void freeze();
    void thaw();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const;         // "redis://127.0.0.1:<port>", with the password
    [[nodiscard]] std::string socket_url() const;  // "unix:///…", without
    [[nodiscard]] std::string ca_file() const { return directory_.file("cert.pem"); }
    [[nodiscard]] std::string key_file() const { return directory_.file("key.pem"); }

    // Sends a command over a new connection. Throws if there is no answer.
    redis::reply command(std::initializer_list<std::string_view> args) const;

    // The same, for a command whose reply is an integer or a text.
    std::int64_t number(std::initializer_list<std::string_view> args) const;
    std::string text(std::initializer_list<std::string_view> args) const;

    // Returns how many clients are subscribed to channel.
    std::int64_t subscribers(std::string_view channel) const;

private:
    void spawn();
    [[nodiscard]] bool answers() const;
    [[nodiscard]] bool has_ended();

    setup const setup_;
    temp_dir directory_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace notify::test
