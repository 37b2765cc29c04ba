// SPDX-License-Identifier: MIT
#include "cli/redis_settings.hpp"

#include "support/catch.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"

using namespace notify;
using namespace notify::cli;

namespace {

redis::redis_options resolved(std::vector<char const*> args)
{
    command_line line{"notify-send", "send", {}};
    redis_settings settings;
    settings.add_to(line);
    args.insert(args.begin(), "notify-send");
    line.parse(static_cast<int>(args.size()), args.data());
    return settings.resolve();
}

}  // namespace

TEST_CASE("the Redis option and its password file say which Redis", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file = directory.write("password", "from file\r\nmore\n");
    CHECK(resolved({}).display() == "redis://127.0.0.1:6379");
    auto const o =
        resolved({"--redis", "redis://app:typed@h", "--redis-password-file", file.c_str()});
    CHECK(o.display() == "redis://app@h:6379");
    CHECK(o.password == "from file");
}

TEST_CASE("a faulty Redis setting ends the tool with a sentence", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const empty = directory.write("empty", "");
    CHECK_THROWS_WITH(resolved({"--redis", "localhost"}),
                      Catch::StartsWith("--redis \"localhost\" is not a Redis address"));
    CHECK_THROWS_WITH(resolved({"--redis-password-file", "/no/such/file"}),
                      "cannot read the password file \"/no/such/file\": No such file or directory");
    CHECK_THROWS_WITH(resolved({"--redis-password-file", empty.c_str()}),
                      Catch::EndsWith("it is empty"));
}

TEST_CASE("the files of TLS are taken for rediss://, and named when they are of no use",
          "[cli][unit]")
{
    test::temp_dir const directory;
    auto const one = test::make_certificate("DNS:localhost");
    auto const cert = directory.write("cert.pem", one.pem);
    auto const key = directory.write("key.pem", one.key_pem);
    auto const other = directory.write("other.pem", test::make_certificate("DNS:b").key_pem);
    auto const empty = directory.write("empty.pem", "");
    auto const with = [](std::vector<char const*> args) {
        args.insert(args.begin(), {"--redis", "rediss://h"});
        return resolved(args);
    };
    auto const a = with({"--redis-ca-file", cert.c_str(), "--redis-cert-file", cert.c_str(),
                         "--redis-key-file", key.c_str()})
                       .address;
    CHECK(a.ca_file == cert);
    CHECK(a.cert_file == cert);
    CHECK(a.key_file == key);

    using Catch::EndsWith;
    using Catch::StartsWith;
    CHECK_THROWS_WITH(with({"--redis-cert-file", cert.c_str()}),
                      "--redis-cert-file needs --redis-key-file too");
    CHECK_THROWS_WITH(with({"--redis-key-file", key.c_str()}),
                      "--redis-key-file needs --redis-cert-file too");
    CHECK_THROWS_WITH(with({"--redis-ca-file", "/no/such"}),
                      EndsWith("\"/no/such\": No such file or directory"));
    CHECK_THROWS_WITH(with({"--redis-ca-file", empty.c_str()}),
                      EndsWith("it holds none in PEM form"));
    CHECK_THROWS_WITH(with({"--redis-cert-file", cert.c_str(), "--redis-key-file", other.c_str()}),
                      EndsWith("does not belong to the certificate \"" + cert + "\""));
    CHECK_THROWS_WITH(with({"--redis-cert-file", cert.c_str(), "--redis-key-file", empty.c_str()}),
                      StartsWith("TLS to Redis: cannot read the private key \"" + empty + "\""));
    for (auto const* option : {"--redis-ca-file", "--redis-cert-file", "--redis-key-file"})
        CHECK_THROWS_WITH(resolved({option, cert.c_str()}),
                          std::string{option} +
                              " is for TLS, and --redis "
                              "\"redis://127.0.0.1:6379\" is without: write rediss://");
}
