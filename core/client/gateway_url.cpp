// SPDX-License-Identifier: MIT
#include "client/gateway_url.hpp"

#include "base/quoted.hpp"
#include "http/http_url.hpp"

#include <fmt/format.h>

namespace notify {

result<gateway_url> parse_gateway_url(std::string_view text)
{
    constexpr std::string_view what = "a gateway's URL";
    auto url = parse_http_url(text, what);
    if (!url) return url.error();
    // The target gets a query of its own, Socket.IO's.
    if (url->target.find('?') != std::string::npos)
        return error{
            fmt::format("{} is not {}: it may not hold a ? or a #", in_quotes(text), what)};

    std::string_view path = url->target;
    while (path.ends_with('/')) path.remove_suffix(1);
    std::string const scheme = url->tls() ? "https" : "http";
    return gateway_url{url->address, url->host,
                       fmt::format("{}/socket.io/?EIO=4&transport=websocket", path),
                       fmt::format("{}://{}{}", scheme, url->host, path)};
}

}  // namespace notify
