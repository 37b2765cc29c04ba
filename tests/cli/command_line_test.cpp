// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <cstdlib>

using namespace notify;
using namespace notify::cli;

namespace {

// An environment variable for the time of one test.
class variable {
public:
    variable(char const* name, char const* value) : name_(name) { ::setenv(name, value, 1); }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable() { ::unsetenv(name_); }

private:
    char const* name_;
};

// A tool with one option of each kind.
struct tool {
    tool()
    {
        line.setting(line.app().add_option("--port", port, "Port"), {"PORT"});
        line.setting(line.app().add_option("--app-url", url, "URL"), {"OLD_URL"},
                     command_line::empty::value);
        line.setting(line.app().add_option("--allow-origin", origins, "Origins"));
        line.setting(line.app().add_flag("--json", json, "JSON"));
        line.app().add_option("--user", user, "User");
        line.app().add_option("message", message, "Message");
    }

    // Returns the sentence of the failure, or nothing.
    std::string parse(std::vector<char const*> args)
    {
        args.insert(args.begin(), "notify-send");
        try {
            line.parse(static_cast<int>(args.size()), args.data());
        } catch (failure const& f) {
            CHECK(f.code() == exit_code::usage);
            return f.what();
        }
        return {};
    }

    int port = 3000;
    std::string url = "http://default";
    std::vector<std::string> origins;
    bool json = false;
    std::string user;
    std::string message;
    command_line line{"notify-send", "send", {"notify-send --user 1 Hey"}};
};

}  // namespace

TEST_CASE("a flag beats NOTIFY_*, that the old name, that the file, that the default",
          "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file = directory.write("config", "port = 4\n");
    auto const port = [&](std::vector<char const*> const& args) {
        tool t;
        CHECK(t.parse(args) == "");
        return t.port;
    };
    CHECK(port({}) == 3000);
    CHECK(port({"--config", file.c_str()}) == 4);
    variable const old{"PORT", "5"};
    CHECK(port({"--config", file.c_str()}) == 5);
    variable const now{"NOTIFY_PORT", "6"};
    CHECK(port({"--config", file.c_str()}) == 6);
    CHECK(port({"--config", file.c_str(), "--port", "7"}) == 7);
}

TEST_CASE("the environment sets lists, flags and the configuration file", "[cli][unit]")
{
    test::temp_dir const directory;
    variable const config{"NOTIFY_CONFIG", directory.write("c", "port = 8\n").c_str()};
    variable const list{"NOTIFY_ALLOW_ORIGIN", "https://a.org, https://b.org"};
    variable const flag{"NOTIFY_JSON", "true"};
    variable const not_a_setting{"NOTIFY_USER", "1"};
    tool t;
    CHECK(t.parse({}) == "");
    CHECK(t.port == 8);
    CHECK(t.origins == std::vector<std::string>{"https://a.org", "https://b.org"});
    CHECK(t.json);
    CHECK(t.user.empty());
}

TEST_CASE("an empty variable counts only where empty means something", "[cli][unit]")
{
    variable const port{"NOTIFY_PORT", ""};
    variable const old_port{"PORT", "5"};
    variable const url{"OLD_URL", ""};
    tool t;
    CHECK(t.parse({}) == "");
    CHECK(t.port == 5);
    CHECK(t.url == "");
}

TEST_CASE("a wrong value is reported with where it came from", "[cli][unit]")
{
    test::temp_dir const directory;
    CHECK(tool{}.parse({"--port", "x"}) == "--port does not take \"x\"; try notify-send --help");
    CHECK(tool{}.parse({"--config", directory.write("c", "port = x\n").c_str()}) ==
          "configuration file \"" + directory.file("c") + "\", port: --port does not take \"x\"");
    variable const port{"PORT", "70000000000"};
    CHECK(tool{}.parse({}) == "PORT: --port does not take \"70000000000\"");
}

TEST_CASE("unknown options and leftovers are errors", "[cli][unit]")
{
    CHECK(tool{}.parse({"--prot", "1"}) ==
          "unexpected argument \"--prot\"; try notify-send --help");
    CHECK(tool{}.parse({"a", "b", "c"}) == "unexpected argument \"b\"; try notify-send --help");
    CHECK(tool{}.parse({"--port"}) == "--port needs a value; try notify-send --help");
    CHECK_THAT(tool{}.parse({"--x\x1b[31m\n"}), !Catch::Contains("\x1b") && !Catch::Contains("\n"));
}

TEST_CASE("a configuration file serves all tools, each its section", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file =
        directory.write("c", "# for all\njson = true\n\n[notify-gateway]\nhost = x\n"
                             "[notify-send]\nport = 9\n"
                             "allow-origin = [\"https://a.org\", \"https://b.org\"]\n");
    tool t;
    CHECK(t.parse({"--config", file.c_str()}) == "");
    CHECK(t.json);
    CHECK(t.port == 9);
    CHECK(t.origins.size() == 2);
}

TEST_CASE("a faulty configuration file is an error that names it", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const refusal = [&](std::string_view text) {
        auto const file = directory.write("c", text);
        return tool{}.parse({"--config", file.c_str()});
    };
    auto const unknown =
        "the configuration file \"" + directory.file("c") + "\" has an unknown key ";
    CHECK(refusal("prot = 1\n") == unknown + "\"prot\"");
    CHECK(refusal("[notify-send]\nprot = 1\n") == unknown + "\"notify-send.prot\"");
    CHECK(refusal("[other]\nport = 1\n") == unknown + "\"other.port\"");
    CHECK(refusal("user = 1\n") == unknown + "\"user\"");  // not a setting
    CHECK(refusal("config = x\n") == unknown + "\"config\"");
    CHECK(refusal("nonsense\n") == unknown + "\"nonsense\"");
    CHECK_THAT(refusal("port = 1 2\n"), Catch::Contains("port: "));
    CHECK(tool{}.parse({"--config", "/no/such/file"}) ==
          "cannot read the configuration file \"/no/such/file\"");
    CHECK(tool{}.parse({"--config", "/"}) == "the configuration \"/\" is a directory");
}

TEST_CASE("a value may be empty after an equals sign, and takes no argument that follows",
          "[cli][unit]")
{
    tool t;
    CHECK(t.parse({"--app-url=", "--port", "0"}) == "");
    CHECK(t.url.empty());
    CHECK(t.port == 0);

    tool after_end;
    CHECK(after_end.parse({"--", "--user="}) == "");
    CHECK(after_end.message == "--user=");
}
