// SPDX-License-Identifier: MIT
#include "libnotify.hpp"

#include "base/quoted.hpp"
#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace notify {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view letters = "taicprwAen";
constexpr std::array names{"--urgency"sv,  "--expire-time"sv, "--app-name"sv,  "--icon"sv,
                           "--app-icon"sv, "--category"sv,    "--hint"sv,      "--print-id"sv,
                           "--wait"sv,     "--replace-id"sv,  "--transient"sv, "--action"sv};

bool is_its_option(std::string_view word)
{
    if (word.starts_with("--")) return std::find(names.begin(), names.end(), word) != names.end();
    return letters.find(word[1]) != letters.npos;
}

bool is_urgency(std::string_view word)
{
    return word == "low" || word == "normal" || word == "critical";
}

// In libnotify, -u is the urgency; here it is the user. A user who has such a name is given by
// --user.
bool gives_urgency(int argc, char const* const* argv)
{
    for (int i = 1; i < argc; ++i) {
        std::string_view const word{argv[i]};
        if (word == "--") return false;
        if (word == "-u" && i + 1 < argc && is_urgency(argv[i + 1])) return true;
        if (word.starts_with("-u") && is_urgency(word.substr(2))) return true;
    }
    return false;
}

bool says_for_whom(int argc, char const* const* argv)
{
    return std::any_of(argv + 1, argv + argc, [](std::string_view word) {
        return word.starts_with("-u") || word.starts_with("--user") || word == "--ndjson";
    });
}

}  // namespace

std::optional<std::string> sign_of_libnotify(CLI::App const& app, int argc, char const* const* argv)
{
    auto const seen = cli::look_through(app, argc, argv);
    if (seen.unknown && is_its_option(seen.unknown->text))
        return "unknown option " + in_quotes(seen.unknown->text);
    if (gives_urgency(argc, argv)) return "-u names a user here, not an urgency";
    if (seen.plain.size() > 1 && !says_for_whom(argc, argv)) return "--user is missing";
    return {};
}

}  // namespace notify
