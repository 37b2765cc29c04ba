// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "cli/in_range.hpp"
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
        line.setting(
            line.app().add_option("--port", port, "Port")->check(number_between(0, 65'535)),
            {"PORT"});
        line.setting(line.app().add_option("--app-url", url, "URL"), {"OLD_URL"},
                     command_line::empty::value);
        line.setting(line.app().add_option("--allow-origin", origins, "Origins"));
        line.setting(line.app().add_option("--name", names, "Names"), {},
                     command_line::empty::unset, command_line::comma::belongs);
        line.setting(line.app().add_flag("--json", json, "JSON"));
        line.setting(line.app().add_option("-u,--user", user, "User"));
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
    std::vector<std::string> names;
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
    tool t;
    CHECK(t.parse({}) == "");
    CHECK(t.port == 8);
    CHECK(t.origins == std::vector<std::string>{"https://a.org", "https://b.org"});
    CHECK(t.json);
}

TEST_CASE("a comma in the environment, and in a file, belongs to what may hold one", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file = directory.write("c", "name = \"Joe, Doe\"\n");
    auto const names = [](std::vector<char const*> const& args) {
        tool t;
        CHECK(t.parse(args) == "");
        return t.names;
    };
    CHECK(names({"--config", file.c_str()}) == std::vector<std::string>{"Joe, Doe"});
    variable const list{"NOTIFY_NAME", " doe,joe,"};
    CHECK(names({}) == std::vector<std::string>{" doe,joe,"});
    CHECK(names({"--name", "a,b", "--name", "c"}) == std::vector<std::string>{"a,b", "c"});
}

TEST_CASE("it is known whether an option was typed, or comes from somewhere else", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file = directory.write("c", "user = 2\n");
    auto const typed = [](std::vector<char const*> const& args) {
        tool t;
        CHECK(t.parse(args) == "");
        return t.line.was_typed(t.line.app().get_option("--user"));
    };
    CHECK_FALSE(typed({}));
    CHECK(typed({"-u", "1"}));
    CHECK_FALSE(typed({"--config", file.c_str()}));
    variable const user{"NOTIFY_USER", "3"};
    CHECK_FALSE(typed({}));
    CHECK(typed({"--user=1"}));
}

TEST_CASE("what others set in HOST and PORT, and links to services, is passed over", "[cli][unit]")
{
    auto const port = [] {
        tool t;
        CHECK(t.parse({}) == "");
        return t.port;
    };
    {
        variable const shell{"PORT", "serial0"};
        CHECK(port() == 3000);
        variable const ours{"NOTIFY_PORT", "5"};
        CHECK(port() == 5);
    }
    {
        variable const half_a_number{"PORT", "8080abc"};
        CHECK(port() == 3000);
    }
    {
        variable const link{"NOTIFY_PORT", "tcp://10.0.0.3:3000"};
        CHECK(port() == 3000);
        variable const platform{"PORT", "5"};
        CHECK(port() == 5);
    }
    {
        variable const ours{"NOTIFY_PORT", "nonsense"};
        CHECK(tool{}.parse({}) == "NOTIFY_PORT: --port \"nonsense\" is not between 0 and 65535");
    }
    {
        variable const no_port{"NOTIFY_USER", "tcp://10.0.0.3:3000"};
        tool t;
        CHECK(t.parse({}) == "");
        CHECK(t.user == "tcp://10.0.0.3:3000");
    }
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
    CHECK(tool{}.parse({"--port", "x"}) ==
          "--port \"x\" is not between 0 and 65535; try notify-send --help");
    CHECK(tool{}.parse({"--json=perhaps"}) ==
          "--json does not take \"perhaps\"; try notify-send --help");
    CHECK(tool{}.parse({"--config", directory.write("c", "port = x\n").c_str()}) ==
          "configuration file \"" + directory.file("c") +
              "\", port: --port \"x\" is not between 0 and 65535");
    variable const port{"NOTIFY_PORT", "70000000000"};
    CHECK(tool{}.parse({}) == "NOTIFY_PORT: --port 70000000000 is not between 0 and 65535");
}

TEST_CASE("an unknown option is named before all else that is wrong, and what was meant",
          "[cli][unit]")
{
    CHECK(tool{}.parse({"--prot", "1"}) == "unknown option \"--prot\"; did you mean --port?");
    CHECK(tool{}.parse({"--port", "x", "--usr=1"}) ==
          "unknown option \"--usr\"; did you mean --user?");
    CHECK(tool{}.parse({"-user", "1"}) == "unknown option \"-user\"; did you mean --user?");
    CHECK(tool{}.parse({"-v"}) == "unknown option \"-v\"; did you mean -V?");
    CHECK(tool{}.parse({"--frobnicate"}) ==
          "unknown option \"--frobnicate\" (a message that begins with - comes after --); "
          "try notify-send --help");
    CHECK(tool{}.parse({"-5"}) ==
          "unknown option \"-5\" (a message that begins with - comes after --); "
          "try notify-send --help");
    CHECK_THAT(tool{}.parse({"--x\x1b[31m\n"}), !Catch::Contains("\x1b") && !Catch::Contains("\n"));
}

TEST_CASE("what looks like an option and is none is left alone", "[cli][unit]")
{
    tool t;
    CHECK(t.parse({"--user", "--usr", "--", "--prot"}) == "");
    CHECK(t.user == "--usr");
    CHECK(t.message == "--prot");
    tool dash;
    CHECK(dash.parse({"-u1", "- milk"}) == "");
    CHECK(dash.user == "1");
    CHECK(dash.message == "- milk");
}

TEST_CASE("what is too much or too little is an error", "[cli][unit]")
{
    CHECK(tool{}.parse({"a", "b", "c"}) == "unexpected argument \"b\"; try notify-send --help");
    CHECK(tool{}.parse({"--port"}) == "--port needs a value; try notify-send --help");
    CHECK(tool{}.parse({"--port", "1", "--port", "2"}) ==
          "--port is given more than once; try notify-send --help");
    tool number;
    int count = 0;
    number.line.app().add_option("--max-message", count, "Count");
    CHECK(number.parse({"--max-message", "x"}) ==  // not "message", the positional
          "--max-message does not take \"x\"; try notify-send --help");
}

TEST_CASE("a configuration file serves all tools, keys of others and a byte order mark too",
          "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file =
        directory.write("c", "\xef\xbb\xbf# for all\njson = true\nping-interval = 500\n\n"
                             "[notify-gateway]\nhost = x\n"
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
    CHECK(refusal("prot = 1\n") == unknown + "\"prot\"; did you mean port?");
    CHECK(refusal("[notify-send]\nprot = 1\n") ==
          unknown + "\"notify-send.prot\"; did you mean port?");
    CHECK(refusal("[notify-send]\nping-interval = 1\n") ==  // the gateway's, said to be ours
          unknown + "\"notify-send.ping-interval\"");
    CHECK(refusal("ping-intervall = 1\n") ==
          unknown + "\"ping-intervall\"; did you mean ping-interval?");
    CHECK(refusal("[other]\nport = 1\n") == unknown + "\"other.port\"");
    CHECK(refusal("[notify-sned]\nport = 1\n") ==
          unknown + "\"notify-sned.port\"; did you mean notify-send?");
    CHECK(refusal("message = 1\n") == unknown + "\"message\"; did you mean max-message?");
    CHECK(refusal("config = x\n") == unknown + "\"config\"");
    CHECK(refusal("nonsense\n") == unknown + "\"nonsense\"");
    CHECK_THAT(refusal("port = 1 2\n"), Catch::Contains("port: "));
    CHECK(tool{}.parse({"--config", "/no/such/file"}) ==
          "cannot read the configuration file \"/no/such/file\": No such file or directory");
    CHECK(tool{}.parse({"--config", "/"}) ==
          "cannot read the configuration file \"/\": Is a directory");
    CHECK(refusal("\xff\xfe") == "cannot read the configuration file \"" + directory.file("c") +
                                     "\": it is UTF-16, not UTF-8; save it as UTF-8");
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
