// SPDX-License-Identifier: MIT
#include "contract/stream_token.hpp"

#include "contract/event_id.hpp"
#include "support/catch.hpp"

#include <string>

using namespace notify;

namespace {

constexpr std::int64_t until = 1'732'657'160;
secret_key const key{"a secret"};

std::string said_of(std::string_view token, std::int64_t now, secret_key const& by = key)
{
    auto const user = user_of_stream_token(token, now, by);
    return user ? user->text() : user.error().message;
}

constexpr char unknown[] = "this recovery token was not given by this site: come with a new uuid";
constexpr char expired[] = "this recovery token has expired: come with a new uuid";

}  // namespace

TEST_CASE("a stream's token says whose it is, until its time has passed", "[contract][unit]")
{
    auto const name =
        GENERATE(as<std::string>{}, "12345", "auth0|5f7c", "Jos\xc3\xa9", std::string(255, 'x'));
    std::string const token = stream_token_of(parse_user_id(name).value(), until, key);
    CHECK(said_of(token, until - 100) == name);
    CHECK(said_of(token, until) == name);
    CHECK(said_of(token, until + 1) == expired);
    CHECK(parse_event_id("." + token)->token == token);
}

TEST_CASE("a stream's token is good only as it was signed, and for its key", "[contract][unit]")
{
    std::string const token = stream_token_of(parse_user_id("12345").value(), until, key);
    CHECK(said_of(token, until, secret_key{"another"}) == unknown);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CAPTURE(changed);
        CHECK(said_of(changed, until) == unknown);
        CHECK(said_of(token.substr(0, i), until) == unknown);
    }
    CHECK(said_of(token + "A", until) == unknown);
    CHECK(said_of("9" + token, until) == unknown);
}

TEST_CASE("what is signed for another purpose is no stream's token", "[contract][unit]")
{
    auto const statement = GENERATE(as<std::string>{}, "1732657160.MTIzNDU", "x.MTIzNDU",
                                    "1732657160.!", "1732657160", "", ".");
    CAPTURE(statement);
    CHECK(said_of(statement + "." + signature_of(statement, key), until) == unknown);
    CHECK(said_of(statement + "." + signature_of("notify pid\n" + statement, key), until) ==
          unknown);
    bool const is_good = statement == "1732657160.MTIzNDU";
    CHECK(said_of(statement + "." + signature_of("notify stream\n" + statement, key), until) ==
          (is_good ? "12345" : unknown));
}
