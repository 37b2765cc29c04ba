// SPDX-License-Identifier: MIT
#include "http/accept.hpp"

#include "support/catch.hpp"

#include <string>

using namespace notify;

namespace {

constexpr char events[] = "text/event-stream";

}  // namespace

TEST_CASE("a client that says nothing of forms takes any", "[http][unit]")
{
    CHECK(quality_of(events, "") == 1000);
    CHECK(quality_of(events, "  ") == 1000);
    CHECK(quality_of(events, "*/*") == 1000);
}

TEST_CASE("a form is wanted that is named, or covered by its family", "[http][unit]")
{
    auto const accept =
        GENERATE(as<std::string>{}, "text/event-stream", "Text/Event-Stream", "text/*", "TEXT/*",
                 "text/event-stream; charset=utf-8", "text/html, text/event-stream",
                 "text/html,\ttext/event-stream ;q=1.000", "image/png;q=0.1, text/*;level=1;q=1",
                 ", ,text/event-stream,");
    CAPTURE(accept);
    CHECK(quality_of(events, accept) == 1000);
}

TEST_CASE("a form that no member covers is not wanted", "[http][unit]")
{
    auto const accept = GENERATE(as<std::string>{}, "text/html", "application/*", "text/event", "*",
                                 "text", "text/event-stream-2", "*/event-stream", "/*", ",",
                                 "text/event-stream;q=0", "text/event-stream;q=0.000");
    CAPTURE(accept);
    CHECK(quality_of(events, accept) == 0);
}

TEST_CASE("of several members that cover a form the most specific counts", "[http][unit]")
{
    CHECK(quality_of(events, "*/*, text/*;q=0.5, text/event-stream;q=0.25") == 250);
    CHECK(quality_of(events, "text/event-stream;q=0.25, text/*;q=0.5, */*") == 250);
    CHECK(quality_of(events, "*/*, text/*;q=0.5") == 500);
    CHECK(quality_of(events, "*/*, text/event-stream;q=0") == 0);
    CHECK(quality_of(events, "*/*;q=0.1, text/html") == 100);
}

TEST_CASE("a member with a malformed quality is passed over", "[http][unit]")
{
    auto const q =
        GENERATE(as<std::string>{}, "", "x", "1.1", "2", "0.1234", "-1", ".5", "1.0x", "00.5");
    CAPTURE(q);
    CHECK(quality_of(events, "text/event-stream;q=" + q) == 0);
    CHECK(quality_of(events, "text/*;q=0.5, text/event-stream;q=" + q) == 500);
}
