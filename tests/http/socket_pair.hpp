// SPDX-License-Identifier: MIT
//
// Two sockets that are connected to each other and do not block.
#pragma once

#include "base/unique_fd.hpp"
#include "support/catch.hpp"

#include <sys/socket.h>

#include <array>

namespace notify {

struct socket_pair {
    socket_pair()
    {
        std::array<int, 2> fds;
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
        ours = unique_fd{fds[0]};
        theirs = unique_fd{fds[1]};
    }

    unique_fd ours;
    unique_fd theirs;
};

}  // namespace notify
