// SPDX-License-Identifier: MIT
#include "base/shell_word.hpp"

#include "support/catch.hpp"

using notify::shell_word;

TEST_CASE("a word that a shell leaves alone stays as it is", "[base][unit]")
{
    auto const word = GENERATE(as<std::string>{}, "12345", "a.b_c@d:e+f-1", "redis://h:1/0");
    CHECK(shell_word(word) == word);
}

TEST_CASE("a word that a shell would act on is quoted", "[base][unit]")
{
    CHECK(shell_word("") == "''");
    CHECK(shell_word("auth0|5f") == "'auth0|5f'");
    CHECK(shell_word("$(reboot)") == "'$(reboot)'");
    CHECK(shell_word("José") == "'José'");
    CHECK(shell_word("o'brien") == R"('o'\''brien')");
}
