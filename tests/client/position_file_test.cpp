// SPDX-License-Identifier: MIT
#include "client/position_file.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace notify;

namespace {

constexpr position seventeen{1'732'657'160'000, 17, 1'732'657'161'234'567};
constexpr auto text_of_seventeen = "1732657160000-17-1732657161234567\n";

std::string content_of(std::string const& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string refusal_of(std::string const& path)
{
    auto const file = position_file::open(path);
    return file ? "(opened)" : file.error().message;
}

}  // namespace

TEST_CASE("a file of a position that is not there begins without one", "[client][unit]")
{
    test::temp_dir const dir;
    auto file = position_file::open(dir.file("at")).value();
    CHECK(!file.where());
    CHECK(!std::filesystem::exists(dir.file("at")));
    CHECK(file.keep(seventeen));
    CHECK(content_of(dir.file("at")) == text_of_seventeen);
    CHECK(!std::filesystem::exists(dir.file("at.new")));
}

TEST_CASE("a position that was kept is there for the next process", "[client][unit]")
{
    test::temp_dir const dir;
    {
        auto file = position_file::open(dir.file("at")).value();
        REQUIRE(file.keep({1, 2, 3}));
        REQUIRE(file.keep(seventeen));
        CHECK(file.where() == seventeen);
    }
    CHECK(position_file::open(dir.file("at")).value().where() == seventeen);
}

TEST_CASE("a file that was cut or left over beside it changes nothing", "[client][unit]")
{
    test::temp_dir const dir;
    auto const path = dir.write("at", text_of_seventeen);
    dir.write("at.new", "17326571");
    auto file = position_file::open(path).value();
    CHECK(file.where() == seventeen);
    REQUIRE(file.keep({1, 2, 3}));
    CHECK(content_of(path) == "1-2-3\n");
}

TEST_CASE("a file that holds no position is refused, and stays as it is", "[client][unit]")
{
    auto const text =
        GENERATE(as<std::string>{}, "", "\n", "all\n", "1-2\n", "1-2-3-4\n", "1-2-3\n\n",
                 "1-2-3 \n", "{\"at\":1}", "1-2-3\n1-2-4\n", "0-1-2\n", "1-2-9007199254740992\n");
    CAPTURE(text);
    test::temp_dir const dir;
    auto const path = dir.write("at", text);
    CHECK(refusal_of(path) == "\"" + path +
                                  "\" does not hold a position of notify-watch: name another "
                                  "file, or remove this one to begin now");
    CHECK(content_of(path) == text);
}

TEST_CASE("a file that cannot be read or written says why", "[client][unit]")
{
    test::temp_dir const dir;
    std::filesystem::create_directory(dir.file("folder"));
    CHECK(refusal_of(dir.file("folder")) ==
          "cannot read \"" + dir.file("folder") + "\": Is a directory");
    CHECK(refusal_of(dir.file("none/at")) ==
          "cannot open \"" + dir.file("none/at.lock") + "\": No such file or directory");

    auto file = position_file::open(dir.file("at")).value();
    std::filesystem::create_directory(dir.file("at.new"));
    auto const kept = file.keep(seventeen);
    REQUIRE(!kept);
    CHECK(kept.error().message == "cannot write \"" + dir.file("at") + "\": Is a directory");
    CHECK(!file.where());
}

TEST_CASE("two cannot keep their positions in one file, by whichever name", "[client][unit]")
{
    test::temp_dir const dir;
    auto const path = dir.write("at", text_of_seventeen);
    std::filesystem::create_symlink(path, dir.file("link"));
    {
        auto const first = position_file::open(dir.file("link")).value();
        CHECK(refusal_of(path) == "\"" + path +
                                      "\" belongs to another notify-watch that runs: give each a "
                                      "file of its own");
    }
    CHECK(refusal_of(path) == "(opened)");
}

TEST_CASE("a symbolic link stays one", "[client][unit]")
{
    test::temp_dir const dir;
    auto const path = dir.write("at", text_of_seventeen);
    std::filesystem::create_symlink(path, dir.file("link"));
    REQUIRE(position_file::open(dir.file("link")).value().keep({1, 2, 3}));
    CHECK(std::filesystem::is_symlink(dir.file("link")));
    CHECK(content_of(path) == "1-2-3\n");
}
