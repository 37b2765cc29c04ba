// SPDX-License-Identifier: MIT
//
// What fuzzing has found worth keeping, again with each run of the tests. A
// finding becomes a file of its corpus when it is fixed.
#include "fuzz/targets.hpp"

#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace notify;

namespace {

std::filesystem::path const corpora = NOTIFY_FUZZ_CORPORA;

std::string bytes_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("what holds for all input holds for the corpora of fuzzing", "[fuzz][unit]")
{
    for (auto const& target : fuzz::targets()) {
        int files = 0;
        for (auto const& entry : std::filesystem::directory_iterator{corpora / target.name}) {
            INFO(entry.path());
            CHECK_NOTHROW(target.run(bytes_of(entry.path())));
            ++files;
        }
        INFO(target.name);
        CHECK(files > 0);
    }
}

TEST_CASE("each cut of what is in the corpora holds as well", "[fuzz][unit]")
{
    for (auto const& target : fuzz::targets())
        for (auto const& entry : std::filesystem::directory_iterator{corpora / target.name}) {
            std::string const bytes = bytes_of(entry.path());
            if (bytes.size() > 500) continue;  // quadratic
            for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
                INFO(entry.path() << " up to " << cut);
                CHECK_NOTHROW(target.run(bytes.substr(0, cut)));
            }
        }
}
