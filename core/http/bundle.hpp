// SPDX-License-Identifier: MIT
//
// The scripts that a page loads from the gateway: the files of the npm package socket.io-client,
// under /socket.io/ as the reference server has them, and notify-client.js, notify's own client on
// top of it (docs/protocol.md, HTTP).
//
// The gateway reads them once, at its start, so that no request touches the disk: a shard that
// waits for a disk would keep all of its clients waiting.
#pragma once

#include "base/result.hpp"
#include "http/http_service.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace notify {

// The files by name. Immutable once it is read, so all shards share one without a lock.
class bundle {
public:
    struct file {
        std::string content;
        std::string etag;  // with its quotes (RFC 9110 section 8.8.3); a hash of content
    };

    // Holds no files: every request is answered 404.
    bundle() = default;

    // Reads the files in folder that end in .js or .js.map, and passes over all others. Blocks on
    // the disk: for the start of a program. The error is a sentence that names what could not be
    // read, or says that the folder holds no script.
    [[nodiscard]] static result<bundle> read(std::filesystem::path const& folder);

    // Returns the file of this name, or null. Valid as long as the bundle.
    [[nodiscard]] file const* find(std::string_view name) const;

    // True if socket.io-client is among them. It comes from npm and may be missing;
    // notify-client.js comes with the sources.
    [[nodiscard]] bool has_socket_io() const { return find("socket.io.js") != nullptr; }

private:
    std::map<std::string, file, std::less<>> files_;
};

// Serves the files of a bundle by the last part of the path, for GET and HEAD. A browser that names
// the file's ETag gets 304. One for each shard, all with the same bundle.
class bundle_service final : public http_service {
public:
    explicit bundle_service(std::shared_ptr<bundle const> files) : files_{std::move(files)} {}

    net::awaitable<void> serve(http_connection& c) override;

private:
    std::shared_ptr<bundle const> files_;
};

}  // namespace notify
