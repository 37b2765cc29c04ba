// SPDX-License-Identifier: MIT
//
// The browser's half of Socket.IO: the files of the npm package socket.io-client,
// read once, served under /socket.io/ as the reference server does; and beside
// them notify-client.js, our own half on top of it.
#pragma once

#include "base/result.hpp"
#include "http/http_service.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace notify {

// The files by name; immutable, shared by all shards.
class bundle {
public:
    struct file {
        std::string content;
        std::string etag;
    };

    // No files.
    bundle() = default;

    // Reads the scripts and source maps in folder. The error says why it cannot be
    // read, or that no script is there.
    [[nodiscard]] static result<bundle> read(std::filesystem::path const& folder);

    [[nodiscard]] file const* find(std::string_view name) const;

    // Whether socket.io-client is among them: it comes from npm, notify-client.js
    // with the sources.
    [[nodiscard]] bool has_socket_io() const { return find("socket.io.js") != nullptr; }

private:
    std::map<std::string, file, std::less<>> files_;
};

// Serves the bundle's files by the last part of the path.
class bundle_service final : public http_service {
public:
    explicit bundle_service(std::shared_ptr<bundle const> files) : files_{std::move(files)} {}

    net::awaitable<void> serve(http_connection& c) override;

private:
    std::shared_ptr<bundle const> files_;
};

}  // namespace notify
