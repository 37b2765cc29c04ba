// SPDX-License-Identifier: MIT
#include "gateway/new_subscriptions.hpp"

#include "support/catch.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

using namespace notify;

namespace {

// What is logged while this lives, from level info on.
class caught_log {
public:
    caught_log()
    {
        auto const logger = std::make_shared<spdlog::logger>(
            "caught", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
        logger->set_pattern("%l %v");
        spdlog::set_default_logger(logger);
    }
    ~caught_log() { spdlog::set_default_logger(before_); }

    [[nodiscard]] std::string text() const { return text_.str(); }
    [[nodiscard]] auto lines() const
    {
        std::string const all = text();
        return std::count(all.begin(), all.end(), '\n');
    }

private:
    std::shared_ptr<spdlog::logger> const before_ = spdlog::default_logger();
    std::ostringstream text_;
};

void add_some(new_subscriptions& fresh, int n)
{
    user_id const user = parse_user_id("7").value();
    for (int i = 0; i < n; ++i) fresh.add(user, "/app/user/7/notifications");
}

}  // namespace

TEST_CASE("who tries notify reads who has come, and how to send there", "[gateway][unit]")
{
    caught_log log;
    new_subscriptions fresh{true, " --redis redis://10.0.0.1:6379"};
    fresh.add(parse_user_id("o'brien").value(), "/app/user/o'brien/notifications");
    CHECK_THAT(log.text(),
               Catch::StartsWith("info user o'brien subscribes to /app/user/o'brien/notifications; "
                                 "to send: notify-send --user ") &&
                   Catch::EndsWith(" --redis redis://10.0.0.1:6379 \"Hey\"\n"));
    CHECK(fresh.take_untold() == 0);
}

TEST_CASE("of a crowd ten have a line in each second, and the others are a number",
          "[gateway][unit]")
{
    caught_log log;
    new_subscriptions fresh{true, ""};
    add_some(fresh, 25);
    CHECK(log.lines() == 10);
    CHECK(fresh.take_untold() == 15);
    CHECK(fresh.take_untold() == 0);
    add_some(fresh, 11);  // the next second
    CHECK(log.lines() == 20);
    CHECK(fresh.take_untold() == 1);
}

TEST_CASE("in production new subscriptions are a number", "[gateway][unit]")
{
    caught_log log;
    new_subscriptions fresh{false, ""};
    add_some(fresh, 3);
    CHECK(log.lines() == 0);
    CHECK(fresh.take_untold() == 3);
}
