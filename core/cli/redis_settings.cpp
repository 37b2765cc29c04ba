// SPDX-License-Identifier: MIT
#include "cli/redis_settings.hpp"

#include "base/quoted.hpp"
#include "cli/one_line.hpp"

#include <fmt/format.h>

#include <utility>

namespace notify::cli {

namespace {

// A check for CLI11: returns "" if the URL is good, or the complaint. The URL is parsed again by
// resolve(); here it is for the error, which names the variable or the file that a wrong URL comes
// from.
std::string check_url(std::string const& text)
{
    auto const options = redis::parse_redis_url(text);
    return options ? "" : options.error().message;
}

}  // namespace

void redis_settings::add_to(command_line& line)
{
    auto& app = line.app();
    line.group("Redis");
    line.setting(app.add_option("--redis", url_,
                                "redis://[user[:password]@]host[:port][/db], rediss://… (TLS),\n"
                                "unix:///path[?db=n]; default redis://127.0.0.1:6379")
                     ->type_name("URL")
                     ->check(check_url),
                 {"REDIS_URL"});
    line.setting(app.add_option("--redis-password-file", password_file_,
                                "Take the password from this file instead")
                     ->type_name("FILE"));
    line.setting(app.add_option("--redis-ca-file", ca_file_,
                                "rediss://: trust the authorities in this PEM file,\n"
                                "not the system's")
                     ->type_name("FILE"));
    line.setting(app.add_option("--redis-cert-file", cert_file_,
                                "rediss://: show this certificate, with its chain, in PEM")
                     ->type_name("FILE"));
    line.setting(
        app.add_option("--redis-key-file", key_file_, "rediss://: the certificate's private key")
            ->type_name("FILE"));
}

// The password of --redis-password-file counts, even if the URL has one.
redis::redis_options redis_settings::resolve() const
{
    auto options = redis::parse_redis_url(url_);
    if (!options) throw failure{exit_code::usage, options.error().message};
    if (!password_file_.empty()) options->password = read_secret(password_file_);
    resolve_tls(*options);
    return std::move(*options);
}

// A file for TLS with a URL without TLS is an error and not ignored: whoever names an authority
// believes that the connection is encrypted.
void redis_settings::resolve_tls(redis::redis_options& options) const
{
    stream_address& address = options.address;
    auto const misused = [](std::string const& why) { return failure{exit_code::usage, why}; };
    if (address.how != stream_address::kind::tls) {
        auto const* const given = !ca_file_.empty()     ? "--redis-ca-file"
                                  : !cert_file_.empty() ? "--redis-cert-file"
                                  : !key_file_.empty()  ? "--redis-key-file"
                                                        : nullptr;
        if (given)
            throw misused(fmt::format("{} is for TLS, and --redis {} is without: write rediss://",
                                      given, in_quotes(options.display())));
        return;
    }
    if (cert_file_.empty() != key_file_.empty())
        throw misused(fmt::format("{} needs {} too",
                                  key_file_.empty() ? "--redis-cert-file" : "--redis-key-file",
                                  key_file_.empty() ? "--redis-key-file" : "--redis-cert-file"));
    address.ca_file = ca_file_;
    address.cert_file = cert_file_;
    address.key_file = key_file_;
    if (auto const readable = check_tls_files(address); !readable)
        throw misused(fmt::format("TLS to Redis: {}", readable.error().message));
}

net::awaitable<void> reach(redis::redis_client& client)
{
    client.start();
    auto const reached = co_await client.ready();
    if (!reached)
        throw failure{exit_code::unreachable,
                      fmt::format("{} (--redis says which Redis)", reached.error().message)};
}

std::string read_secret(std::string const& path)
{
    auto secret = read_one_line(path, further_lines::ignored);
    if (!secret)
        throw failure{exit_code::usage, fmt::format("cannot read the password file {}: {}",
                                                    in_quotes(path), secret.error().message)};
    return std::move(*secret);
}

}  // namespace notify::cli
