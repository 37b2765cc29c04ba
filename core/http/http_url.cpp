// SPDX-License-Identifier: MIT
#include "http/http_url.hpp"

#include "base/quoted.hpp"
#include "base/url_port.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <sys/un.h>

#include <algorithm>
#include <charconv>

namespace notify {

namespace {

namespace urls = boost::urls;

std::string_view as_view(boost::core::string_view text) { return {text.data(), text.size()}; }

// Returns the port, or the scheme's usual one. Boost's own port_number() takes an overflow for a
// number.
result<std::uint16_t> port_of(urls::url_view const& url)
{
    std::string_view const text = as_view(url.port());
    if (text.empty())
        return static_cast<std::uint16_t>(url.scheme_id() == urls::scheme::https ? 443 : 80);
    std::uint16_t port = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc{} || end != text.data() + text.size() || port == 0)
        return error{"the port is not between 1 and 65535"};
    return port;
}

// Boost.URL has decoded the host by now, so any byte may be in it.
bool is_printable(std::string_view host)
{
    return std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

result<stream_address> address_of(urls::url_view const& url)
{
    stream_address a;
    a.how = url.scheme_id() == urls::scheme::https ? stream_address::kind::tls
                                                   : stream_address::kind::plain;
    a.host = url.host_type() == urls::host_type::ipv6 ? url.host_address() : url.host();
    if (a.host.empty()) return error{"the host is missing"};
    if (!is_printable(a.host)) return error{"the host contains a character that no host has"};
    auto const port = port_of(url);
    if (!port) return port.error();
    a.port = *port;
    return a;
}

// Path and query as they go out in the request line, still encoded: what the operator wrote is
// sent.
std::string target_of(urls::url_view const& url)
{
    std::string target{as_view(url.encoded_path())};
    if (target.empty()) target = "/";
    if (url.has_query()) target.append("?").append(as_view(url.encoded_query()));
    return target;
}

// Reads `/run/app.sock:/path`; rest is what follows `unix:`. The first `:/` ends the socket's path,
// as in Nginx. The kernel's limit on that path is checked here, so that a person is told when the
// program starts and not with the first question.
result<http_url> parse_on_socket(std::string_view rest, std::string_view text)
{
    auto const refused = [text](std::string_view why) {
        return error{fmt::format("{} is not a URL to ask: {}", in_quotes(text), why)};
    };
    std::size_t const colon = rest.find(":/");
    if (!rest.starts_with('/') || colon == rest.npos)
        return refused("a web app on a unix socket is written like unix:/run/app.sock:/whoami");
    std::string_view const path = rest.substr(0, colon);
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return refused(fmt::format("the socket's path has {} bytes, and may have {}", path.size(),
                                   sizeof(sockaddr_un::sun_path) - 1));
    auto url = parse_http_url("http://localhost" + std::string{rest.substr(colon + 1)});
    if (!url) return refused("what follows the socket is not the path of a URL");
    url->address.how = stream_address::kind::local;
    url->address.path = path;
    return url;
}

}  // namespace

std::string http_url::to_string() const
{
    if (address.how == stream_address::kind::local)
        return fmt::format("unix:{}:{}", address.path, target);
    return fmt::format("{}://{}{}", tls() ? "https" : "http", host, target);
}

result<http_url> parse_http_url(std::string_view text, std::string_view what)
{
    auto const refused = [text, what](std::string_view why) {
        // Before an @ there may be a password, also where the URL is not one at all.
        auto const shown = text.find('@') == text.npos ? in_quotes(text) : std::string{"this"};
        return error{fmt::format("{} is not {}: {}", shown, what, why)};
    };
    // Looked at before Boost.URL is asked: its versions differ in what they make of such a port.
    if (!has_numeric_port(text)) return refused("the port is not a number");
    auto const parsed = urls::parse_uri({text.data(), text.size()});
    if (!parsed ||
        (parsed->scheme_id() != urls::scheme::http && parsed->scheme_id() != urls::scheme::https))
        return refused("it should be like http://127.0.0.1:3000 or https://example.org");
    urls::url_view const& url = *parsed;
    http_url out;
    out.target = target_of(url);
    if (url.has_userinfo()) return refused("it may not hold a user or a password");
    if (url.has_fragment()) return refused("it may not hold a #");
    auto const address = address_of(url);
    if (!address) return refused(address.error().message);
    out.address = *address;
    out.host = as_view(url.encoded_host_and_port());
    return out;
}

result<http_url> parse_web_app_url(std::string_view text)
{
    constexpr std::string_view socket = "unix:";
    std::string_view rest = text;
    if (rest.starts_with("http://unix:")) rest.remove_prefix(std::string_view{"http://"}.size());
    if (!rest.starts_with(socket)) return parse_http_url(text);
    return parse_on_socket(rest.substr(socket.size()), text);
}

}  // namespace notify
