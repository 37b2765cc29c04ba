// SPDX-License-Identifier: MIT
#include "http/late_socket.hpp"

#include "http/socket_pair.hpp"
#include "support/catch.hpp"

#include <array>
#include <cerrno>
#include <string_view>

using namespace notify;

namespace {

// What can be received at once, or "".
std::string_view received(late_socket& s, std::array<char, 16>& space)
{
    ssize_t const n = s.try_receive(net::buffer(space));
    return n > 0 ? std::string_view{space.data(), static_cast<std::size_t>(n)} : "";
}

}  // namespace

TEST_CASE("a late socket sends and receives before and after Asio knows of it", "[http][unit]")
{
    net::io_context loop;
    socket_pair pair;
    int const fd = pair.ours.get();
    late_socket s{loop, std::move(pair.ours)};
    late_socket other{loop, std::move(pair.theirs)};
    std::array<char, 16> space;

    CHECK(s.fd() == fd);
    CHECK(s.try_receive(net::buffer(space)) == -1);
    CHECK(errno == EAGAIN);
    CHECK(s.try_send(net::buffer("one", 3)) == 3);
    CHECK(received(other, space) == "one");

    CHECK(s.awaited().is_open());
    CHECK(s.is_open());
    CHECK(s.fd() == fd);
    CHECK(s.try_send(net::buffer("two", 3)) == 3);
    CHECK(received(other, space) == "two");
}

TEST_CASE("a late socket that is released is the caller's, and closed here", "[http][unit]")
{
    net::io_context loop;
    socket_pair pair;
    int const fd = pair.ours.get();
    bool const is_awaited = GENERATE(false, true);
    late_socket s{loop, std::move(pair.ours)};
    if (is_awaited) CHECK(s.awaited().is_open());
    unique_fd const released = s.release();
    CHECK(released.get() == fd);
    CHECK_FALSE(s.is_open());
    CHECK(s.fd() == -1);
}

TEST_CASE("a late socket that is closed ends what is awaited of it, and the other side",
          "[http][unit]")
{
    net::io_context loop;
    socket_pair pair;
    late_socket s{loop, std::move(pair.ours)};
    late_socket other{loop, std::move(pair.theirs)};
    error_code ended;
    s.awaited().async_wait(tcp::socket::wait_read, [&](error_code ec) { ended = ec; });
    s.close();
    loop.run();
    CHECK(ended == net::error::operation_aborted);
    CHECK_FALSE(s.is_open());
    std::array<char, 16> space;
    CHECK(other.try_receive(net::buffer(space)) == 0);
}

TEST_CASE("a late socket that Asio cannot take is closed, and what is awaited fails",
          "[http][unit]")
{
    net::io_context loop;
    constexpr int nobodys = 1'000'000;
    late_socket s{loop, unique_fd{nobodys}};
    error_code failed;
    s.awaited().async_wait(tcp::socket::wait_read, [&](error_code ec) { failed = ec; });
    loop.run();
    CHECK(failed);
    CHECK_FALSE(s.is_open());
}
