// SPDX-License-Identifier: MIT
#include "base/net.hpp"
#include "http/host.hpp"
#include "http/http_refusal.hpp"
#include "http/origin_policy.hpp"
#include "http/request_rules.hpp"

#include "fuzz/targets.hpp"

#include <tuple>

#include <boost/asio/buffer.hpp>

namespace notify::fuzz {

// A request's head, whose Origin speaks for nobody but itself.
void request_head(std::string_view bytes)
{
    request_parser parser;
    parser.body_limit(boost::none);
    error_code ec;
    std::size_t taken = 0;
    while (!ec && !parser.is_header_done() && taken < bytes.size())
        taken += parser.put(net::buffer(bytes.substr(taken)), ec);
    must(taken <= bytes.size(), "no more is taken than there is");
    if (ec || !parser.is_header_done()) return;

    auto const& request = parser.get();
    if (auto const why = reason_to_refuse(request)) {
        must(!sentence_of(*why).empty(), "a refusal says why");
        return;
    }
    must(request.count(http_field::host) <= 1, "a request that is served has one Host at most");
    must(!(request.chunked() && request.count(http_field::content_length) > 0),
         "and its end is told in one way");
    std::ignore = is_handshake(request);
    static origin_policy const strict;
    std::string_view const host = request[http_field::host];
    must(!strict.allows("http://evil.example", host, "", "10.0.0.1") ||
             host_of_authority(host) == "evil.example",
         "another host's page speaks for nobody");
}

}  // namespace notify::fuzz
