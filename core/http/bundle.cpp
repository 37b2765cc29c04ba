// SPDX-License-Identifier: MIT
#include "http/bundle.hpp"

#include "http/http_connection.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

namespace notify {

namespace fs = std::filesystem;
namespace http = boost::beast::http;

namespace {

// errno tells why a stream could not be opened; the stream itself does not.
result<std::string> content_of(fs::path const& path)
{
    errno = 0;
    std::ifstream in{path, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open())
        return error{fmt::format("cannot read {}: {}", path.string(), std::strerror(errno))};
    return {boost::system::in_place_value, std::move(content)};
}

bool is_script(std::string_view name) { return name.ends_with(".js") || name.ends_with(".js.map"); }

}  // namespace

result<bundle> bundle::read(fs::path const& folder)
{
    bundle all;
    std::error_code ec;
    fs::directory_iterator const entries{folder, ec};
    if (ec) return error{fmt::format("cannot read {}: {}", folder.string(), ec.message())};
    for (fs::directory_entry const& entry : entries) {
        std::string const name = entry.path().filename().string();
        // A directory may have such a name too, and is no script.
        if (!is_script(name) || entry.is_directory(ec)) continue;
        auto content = content_of(entry.path());
        if (!content) return content.error();
        file f{std::move(*content), {}};
        f.etag = fmt::format("\"{:x}\"", std::hash<std::string>{}(f.content));
        all.files_.emplace(name, std::move(f));
    }
    if (all.files_.empty()) return error{fmt::format("{} holds no scripts", folder.string())};
    return {boost::system::in_place_value, std::move(all)};
}

bundle::file const* bundle::find(std::string_view name) const
{
    auto const found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
}

// Only the last part of the path counts, and it is looked up among the names that were read: no
// path leads out of the folder. Browsers keep a file but ask each time whether it is fresh
// (max-age=0), so a new version of the gateway is a new client at once.
net::awaitable<void> bundle_service::serve(http_connection& c)
{
    if (!c.only_reads()) co_return co_await c.refuse(http_refusal::bad_method);
    std::string_view const path = c.path();
    bundle::file const* const f = files_->find(path.substr(path.rfind('/') + 1));
    if (!f) {
        char const* const why =
            files_->has_socket_io()
                ? "no such file among the scripts that are served; with --bundle-dir, "
                  "notify-client.js must be in that folder too\n"
                : "the socket.io-client bundle was not installed when this gateway was built: "
                  "run scripts/deps and build again, or name its folder with --bundle-dir\n";
        co_await c.respond(c.answer(http::status::not_found, "text/plain; charset=UTF-8", why));
        co_return;
    }
    bool const fresh = c.header(http::field::if_none_match) == f->etag;
    http_response response =
        fresh ? c.answer(http::status::not_modified, "", "")
              : c.answer(http::status::ok,
                         path.ends_with(".map") ? "application/json; charset=UTF-8"
                                                : "application/javascript; charset=UTF-8",
                         f->content);
    response.set(http::field::cache_control, "public, max-age=0");
    response.set(http::field::etag, f->etag);
    co_await c.respond(std::move(response));
}

}  // namespace notify
