// SPDX-License-Identifier: MIT
#include "redis/redis_options.hpp"

#include "base/quoted.hpp"
#include "base/url_port.hpp"

#include <boost/url.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace notify::redis {

namespace {

namespace urls = boost::urls;

constexpr std::uint16_t default_port = 6379;

// std::from_chars alone would take a minus sign.
bool is_number(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class Number>
std::optional<Number> to_number(std::string_view text)
{
    Number n{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (!is_number(text) || ec != std::errc{} || end != text.data() + text.size()) return {};
    return n;
}

// Returns the URL, well formed or not, without what could be a password: everything before the last
// `@`, and what stands in place of a port but is no number (`redis://:secret`, where somebody
// forgot `@host`). It works on the text, since it is needed when parsing has failed.
std::string redacted(std::string_view url)
{
    auto const scheme = url.find("://");
    auto const begin = scheme == url.npos ? 0 : scheme + 3;
    if (auto const at = url.rfind('@'); at != url.npos && at >= begin)
        return in_quotes(std::string{url.substr(0, begin)} + "***" + std::string{url.substr(at)});
    auto const rest = url.substr(begin);
    auto const colon = rest.find(':', rest.starts_with('[') ? rest.find(']') + 1 : 0);
    if (colon != rest.npos) {
        auto const port = rest.substr(colon + 1, rest.find_first_of("/?#", colon) - colon - 1);
        if (!is_number(port))
            return in_quotes(std::string{url.substr(0, begin + colon + 1)} + "***");
    }
    return in_quotes(url);
}

// All errors of this file are made here, so none can show the URL as it came.
error refused(std::string_view url, std::string_view why)
{
    return error{fmt::format("{} is not a Redis address: {}", redacted(url), why)};
}

std::string_view as_view(boost::core::string_view text) { return {text.data(), text.size()}; }

// True if what stands in place of the port is the beginning of a password, as in
// `redis://:sec/ret@host`: an `@` follows. The advice is then to write `%2F`, not that the port is
// wrong.
bool is_cut_password(std::string_view url)
{
    auto const port = port_text(url);
    return !port.empty() &&
           url.find('@', static_cast<std::size_t>(port.data() - url.data())) != url.npos;
}

// Takes the database from the path (`/2`; redis and rediss only) or from `?db=2`, which counts if
// both are there. An unknown parameter is an error: a misspelt `db` would silently mean database 0.
result<unsigned> find_db(urls::url_view const& u, bool from_path)
{
    std::string text;
    if (from_path) text = u.path();
    if (!text.empty()) text.erase(0, 1);
    for (auto const& p : u.params()) {
        if (p.key != "db") return error{fmt::format("unknown parameter {}", in_quotes(p.key))};
        text = p.value;
        if (text.empty()) return error{"the database is missing after db="};
    }
    if (text.empty()) return 0u;
    auto const db = to_number<unsigned>(text);
    if (!db) return error{fmt::format("the database {} is not a number", in_quotes(text))};
    return *db;
}

// Checks what the resolver would report in a less helpful way, or not at all.
result<stream_address> find_address(urls::url_view const& u, std::string_view scheme)
{
    stream_address a;
    if (scheme == "unix") {
        if (!u.encoded_host().empty() || u.path().size() < 2)
            return error{"a unix socket needs an absolute path, as in unix:///run/redis.sock"};
        a.how = stream_address::kind::local;
        a.path = u.path();
        if (a.path.find('\0') != a.path.npos) return error{"the path contains a NUL"};
        return a;
    }
    a.how = scheme == "rediss" ? stream_address::kind::tls : stream_address::kind::plain;
    a.host = u.host_type() == urls::host_type::ipv6 ? u.host_address() : u.host();
    a.port = default_port;
    if (a.host.empty()) return error{"the host is missing"};
    if (std::any_of(a.host.begin(), a.host.end(), [](char c) { return c <= ' ' || c == 0x7f; }))
        return error{"the host contains a space or a control character"};
    if (u.has_port() && !u.port().empty()) {
        auto const port = to_number<std::uint16_t>(as_view(u.port()));
        if (!port || *port == 0) return error{"the port is not between 1 and 65535"};
        a.port = *port;
    }
    return a;
}

}  // namespace

stream_address redis_options::default_address()
{
    stream_address a;
    a.host = "127.0.0.1";
    a.port = default_port;
    return a;
}

std::string redis_options::display() const
{
    bool const local = address.how == stream_address::kind::local;
    std::string out = local                                      ? "unix://"
                      : address.how == stream_address::kind::tls ? "rediss://"
                                                                 : "redis://";
    if (!user.empty()) {
        append_escaped(out, user);
        out += '@';
    }
    append_escaped(out, address.to_string());
    if (db) out += fmt::format("{}{}", local ? "?db=" : "/", db);
    return out;
}

result<redis_options> parse_redis_url(std::string_view url)
{
    auto const scheme = url.substr(0, std::min(url.find("://"), url.size()));
    if (scheme != "redis" && scheme != "rediss" && scheme != "unix")
        return refused(url, "it should begin with redis://, rediss:// or unix://");
    // We look at the port before Boost does: versions of Boost.URL differ in what they make of a
    // port that is no number, and the error should be the same everywhere.
    if (!has_numeric_port(url) && !is_cut_password(url))
        return refused(url, "the port is not a number");
    auto const parsed = urls::parse_uri({url.data(), url.size()});
    if (!parsed || !has_numeric_port(url))
        return refused(url, "not a URL; special characters in a user or password are written "
                            "%XX (or use a password file)");
    urls::url_view const& u = *parsed;
    if (u.has_fragment()) return refused(url, "it contains a # (write it as %23)");

    redis_options o;
    auto address = find_address(u, scheme);
    if (!address) return refused(url, address.error().message);
    auto const db = find_db(u, scheme != "unix");
    if (!db) return refused(url, db.error().message);
    o.address = std::move(*address);
    o.user = u.user();
    o.password = u.password();
    o.db = *db;
    return o;
}

}  // namespace notify::redis
