// SPDX-License-Identifier: MIT
#include "http/router.hpp"

#include "support/catch.hpp"

using namespace notify;

namespace {

struct silent_service : http_service {
    net::awaitable<void> serve(http_connection&) override { co_return; }
};

}  // namespace

TEST_CASE("a path leads to the first service that was added for it", "[http][unit]")
{
    router routes;
    auto const bundle = std::make_shared<silent_service>();
    auto const engine = std::make_shared<silent_service>();
    routes.add("/socket.io/socket.io*", bundle);
    routes.add("/socket.io/", engine);
    CHECK(routes.find("/socket.io/") == engine.get());
    CHECK(routes.find("/socket.io/socket.io.min.js") == bundle.get());
    CHECK(routes.find("/socket.io/other") == nullptr);
    CHECK(routes.find("/") == nullptr);
    CHECK(routes.find("") == nullptr);
}
