// SPDX-License-Identifier: MIT
#include "socketio/recovery.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <string_view>

using namespace notify;
using namespace notify::sio;

namespace {

constexpr std::string_view place = "/io/user/notifications";
constexpr std::string_view position = "1732657160000-17-1732657161234567";
constexpr unix_seconds then = 1'732'657'160;

secret_key const our_key{"the key of these gateways"};
secret_key const other_key{"the key of others"};

recoverable_socket socket_of(std::string user)
{
    recoverable_socket s;
    std::string_view const id = "f3ez8nz16jxpm_NvRaHB";
    std::copy(id.begin(), id.end(), s.sid.begin());
    s.issued = then;
    s.credentials = "Ab-_9";
    s.user = std::move(user);
    return s;
}

std::string pid_for(std::string user) { return pid_of(socket_of(std::move(user)), place, our_key); }

// What read_pid() says about it, in a word.
std::string verdict(std::string_view pid, std::string_view ns_name = place,
                    secret_key const& key = our_key, unix_seconds now = then)
{
    auto const s = read_pid(pid, ns_name, key, now);
    return s ? s->user : "(" + std::string{name_of(s.error())} + ")";
}

}  // namespace

TEST_CASE("a pid says again what it was made of", "[socketio][unit]")
{
    for (std::string const& user :
         {std::string{"12345"}, std::string{"auth0|5f7c"}, std::string{"Jos\xc3\xa9"},
          std::string{"a.b.c"}, std::string(255, 'x')}) {
        auto const s = read_pid(pid_for(user), place, our_key, then);
        REQUIRE(s.has_value());
        CHECK(*s == socket_of(user));
    }
    auto plain = socket_of("7");
    plain.credentials.clear();
    auto const again = read_pid(pid_of(plain, place, our_key), place, our_key, then);
    REQUIRE(again.has_value());
    CHECK(*again == plain);
}

TEST_CASE("a pid is one word that needs no escape in a URL or in JSON", "[socketio][unit]")
{
    std::string const pid = pid_for("\"o'brien\"@example.org");
    CHECK(pid.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == pid.npos);
    CHECK(pid_for("12345").size() < 110);
    CHECK(pid_for(std::string(255, 'x')).size() < 450);
}

TEST_CASE("a pid of another key or namespace is forged", "[socketio][unit]")
{
    std::string const pid = pid_for("12345");
    CHECK(verdict(pid) == "12345");
    CHECK(verdict(pid, "/") == "(forged)");
    CHECK(verdict(pid, "/io/user/notification") == "(forged)");
    CHECK(verdict(pid, "") == "(forged)");
    CHECK(verdict(pid, place, other_key) == "(forged)");
}

TEST_CASE("a pid in which a single bit is another one names nobody", "[socketio][unit]")
{
    std::string const pid = pid_for("12345");
    for (std::size_t i = 0; i < pid.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = pid;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            CHECK(verdict(changed).front() == '(');
        }
    for (std::size_t cut = 0; cut < pid.size(); ++cut) {
        CHECK(verdict(pid.substr(0, cut)).front() == '(');
        CHECK(verdict(pid.substr(cut + 1)).front() == '(');
    }
}

TEST_CASE("another user's name behind a good signature is forged", "[socketio][unit]")
{
    std::string const mine = pid_for("12345");
    std::string const yours = pid_for("54321");
    std::size_t const dot = mine.rfind('.');
    CHECK(verdict(yours.substr(0, dot) + mine.substr(dot)) == "(forged)");
}

TEST_CASE("what is no pid at all is malformed, however long it is", "[socketio][unit]")
{
    std::string const pid = pid_for("12345");
    CHECK(verdict("") == "(malformed)");
    CHECK(verdict(".") == "(malformed)");
    CHECK(verdict(std::string(43, 'A')) == "(malformed)");
    CHECK(verdict(pid + "=") == "(malformed)");
    CHECK(verdict(pid + ".") == "(malformed)");
    CHECK(verdict(std::string(8'000'000, '.')) == "(malformed)");
    CHECK(verdict(pid + std::string(8'000'000, 'A')) == "(malformed)");
    CHECK(verdict(std::string(200, '\0') + '.' + std::string(43, '\0')) == "(forged)");
    CHECK(verdict("1....." + std::string(43, 'A')) == "(forged)");
}

TEST_CASE("what a later version signs differently is malformed and not misread", "[socketio][unit]")
{
    for (std::string const& body : {
             std::string{"2.f3ez8nz16jxpm_NvRaHB.1732657160..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaH.1732657160..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm NvRaHB.1732657160..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.-1..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.01..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.99999999999999..MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.1732657160..MTIzNDU="},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.1732657160. .MTIzNDU"},
             std::string{"1.f3ez8nz16jxpm_NvRaHB.1732657160..MTIzNDU.more"},
         }) {
        std::string text = "notify pid\n";
        text.append(place).append("\n").append(body);
        INFO(body);
        CHECK(verdict(body + "." + signature_of(text, our_key)) == "(malformed)");
    }
}

TEST_CASE("clocks of two gateways may differ by a minute", "[socketio][unit]")
{
    std::string const pid = pid_for("12345");
    CHECK(verdict(pid, place, our_key, then - 60) == "12345");
    CHECK(verdict(pid, place, our_key, then - 61) == "(from_the_future)");
    CHECK(verdict(pid, place, our_key, then + 1'000'000) == "12345");  // is_recent() decides
}

TEST_CASE("an offset brings its position back, and when the client was there", "[socketio][unit]")
{
    auto const s = socket_of("12345");
    std::string const offset = offset_of(position, s, place, our_key, then + 50);
    auto const said = offset_from(offset, s, place, our_key);
    CHECK(said.position == position);
    CHECK(said.alive == then + 50);
}

TEST_CASE("a sign of life is good for one socket of one user in one place", "[socketio][unit]")
{
    auto const s = socket_of("12345");
    std::string const offset = offset_of(position, s, place, our_key, then + 50);
    auto elsewhere = s;
    elsewhere.sid[0] = 'X';
    CHECK(offset_from(offset, elsewhere, place, our_key).alive == 0);
    CHECK(offset_from(offset, socket_of("54321"), place, our_key).alive == 0);
    CHECK(offset_from(offset, s, "/", our_key).alive == 0);
    CHECK(offset_from(offset, s, place, other_key).alive == 0);
    // The signature of a pid is none of an offset.
    std::string const pid = pid_of(s, place, our_key);
    std::string mixed{position};
    mixed.append(".1732657160").append(pid.substr(pid.rfind('.')));
    CHECK(offset_from(mixed, s, place, our_key).alive == 0);
}

TEST_CASE("an offset without a good sign of life still says a position", "[socketio][unit]")
{
    auto const s = socket_of("12345");
    std::string const good = offset_of(position, s, place, our_key, then);
    std::string later = good;
    later.replace(later.find(".1732657160"), 11, ".1732657161");
    for (std::string const& offset :
         {std::string{position}, std::string{position} + ".", later, good + "A", good + ".",
          good.substr(0, good.size() - 1), std::string{position} + ".-1." + std::string(43, 'A'),
          std::string{position} + "." + std::string(4'000'000, '9'),
          std::string{position} + "." + std::string(100, '\0')}) {
        auto const said = offset_from(offset, s, place, our_key);
        CHECK(said.position == position);
        CHECK(said.alive == 0);
    }
    CHECK(offset_from("", s, place, our_key).position.empty());
    CHECK(offset_from(std::string(4'000'000, 'x'), s, place, our_key).alive == 0);
}

TEST_CASE("a window ends a time after the last sign of life", "[socketio][unit]")
{
    CHECK(is_recent(then, 120, then));
    CHECK(is_recent(then, 120, then + 120));
    CHECK_FALSE(is_recent(then, 120, then + 121));
    CHECK(is_recent(then, 120, then - 60));
    CHECK_FALSE(is_recent(then, 120, then - 61));
    CHECK_FALSE(is_recent(0, 120, then));
}
