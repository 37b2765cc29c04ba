// SPDX-License-Identifier: MIT
//
// What /readyz answers, as plain values.
#include "gateway/readiness.hpp"

#include "support/catch.hpp"

#include <set>

using namespace notify;

TEST_CASE("/readyz says why not, and what to do", "[gateway][unit]")
{
    CHECK(json_of(readiness::ready, "/c") == "{\"status\":\"ready\"}\n");
    CHECK(json_of(readiness::no_redis, "/c") == R"({"status":"not_ready","reason":"no_redis",)"
                                                R"("message":"there is no connection to Redis"})"
                                                "\n");
    CHECK(json_of(readiness::refused, "/app/gateway/x/canary") ==
          R"({"status":"not_ready","reason":"refused",)"
          R"("message":"Redis refuses SUBSCRIBE or PUBLISH on /app/gateway/x/canary; allow both, )"
          R"(such as by ACL SETUSER … +subscribe +publish &/app/gateway/*"})"
          "\n");
}

TEST_CASE("each reason has a name and a sentence of its own", "[gateway][unit]")
{
    std::set<std::string> names;
    std::set<std::string> sentences;
    for (auto const r : {readiness::unproven, readiness::ready, readiness::no_redis,
                         readiness::silent, readiness::refused, readiness::draining}) {
        CHECK(names.insert(std::string{name_of(r)}).second);
        CHECK(sentences.insert(sentence_of(r, "/c")).second);
    }
    CHECK(names.count("unknown") == 0);
}
