// SPDX-License-Identifier: MIT
#include "identity/cookie.hpp"

#include "support/catch.hpp"

using notify::cookie_value;

TEST_CASE("a cookie is found by its whole name", "[identity][unit]")
{
    CHECK(cookie_value("sessionid=abc", "sessionid") == "abc");
    CHECK(cookie_value("a=1; sessionid=abc; b=2", "sessionid") == "abc");
    CHECK(cookie_value("a=1;sessionid=abc", "sessionid") == "abc");
    CHECK(cookie_value("xsessionid=no; sessionid=abc", "sessionid") == "abc");
    CHECK(cookie_value("sessionid=a=b==", "sessionid") == "a=b==");
    CHECK(cookie_value("sessionid=", "sessionid") == "");
    CHECK(cookie_value("sessionid=abc \t; b=2", "sessionid") == "abc");
}

TEST_CASE("of two cookies of one name the last counts", "[identity][unit]")
{
    CHECK(cookie_value("s=first; s=second; t=third", "s") == "second");
    CHECK(cookie_value("s=first; s=", "s") == "");
    CHECK(cookie_value("s=first; s", "s") == "first");
}

TEST_CASE("a cookie that is not there is not found", "[identity][unit]")
{
    CHECK_FALSE(cookie_value("", "s"));
    CHECK_FALSE(cookie_value(";;; ;", "s"));
    CHECK_FALSE(cookie_value("s", "s"));
    CHECK_FALSE(cookie_value("S=upper", "s"));
    CHECK_FALSE(cookie_value("a=s=1", "s"));
}
