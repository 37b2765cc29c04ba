// SPDX-License-Identifier: MIT
#include "cli/help_formatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace notify::cli {

namespace {

using groups = std::vector<std::pair<std::string, std::string>>;  // a title and its rows

// Returns "  left   description" with each line of the description in its column. If left has no
// room before that column, the description begins on the next line.
std::string row(std::string_view left, std::string_view description)
{
    auto out = fmt::format("  {}", left);
    out += left.size() + 3 < help_indent ? std::string(help_indent - out.size(), ' ')
                                         : "\n" + std::string(help_indent, ' ');
    for (char const c : description) {
        out += c;
        if (c == '\n') out.append(help_indent, ' ');
    }
    return out += '\n';
}

// Returns "  -u, --user ID   …". A flag has no type name behind it.
std::string row_of(CLI::Option const& option)
{
    std::string left;
    for (auto const& name : option.get_snames()) left += fmt::format("-{}, ", name);
    left += "--" + option.get_lnames().front();
    if (option.get_items_expected_min() > 0) left += " " + option.get_type_name();
    return row(left, option.get_description());
}

// Adds the options of app by group, both in the order in which they were added, but for `without`.
// Positionals are not among them: they stand under Arguments. A vector and no map, which would sort
// the groups by title.
void add_options(groups& all, CLI::App const& app, CLI::Option const* without)
{
    for (auto const* option : app.get_options()) {
        if (option == without || !option->nonpositional()) continue;
        auto const title = option->get_group();
        auto const same = [&](auto const& g) { return g.first == title; };
        auto found = std::find_if(all.begin(), all.end(), same);
        if (found == all.end()) found = all.insert(all.end(), {title, ""});
        found->second += row_of(*option);
    }
}

// Returns the options that a tool or a command takes. A command takes its tool's options too,
// except those of another command; --help is its own.
groups groups_of(CLI::App const& app)
{
    groups all;
    add_options(all, app, nullptr);
    if (auto const* const tool = app.get_parent()) {
        add_options(all, *tool, tool->get_help_ptr());
        std::erase_if(all, [&](auto const& g) {
            return g.first.starts_with(options_of) &&
                   g.first != std::string{options_of} + app.get_name();
        });
    }
    return all;
}

std::string section(std::string_view title, std::string const& rows)
{
    return rows.empty() ? "" : fmt::format("\n{}:\n{}", title, rows);
}

std::vector<CLI::App const*> commands_of(CLI::App const& app)
{
    return app.get_subcommands([](CLI::App const*) { return true; });
}

// Everything is in brackets, since no option is required: the environment may have it.
std::string usage_of(CLI::App const& app, std::string_view name)
{
    std::string out = fmt::format("Usage: {} [OPTION…]", name);
    if (!commands_of(app).empty()) out += " [COMMAND]";
    for (auto const* option : app.get_options())
        if (option->get_positional()) out += fmt::format(" [{}]", option->get_name(true));
    return out + "\n";
}

}  // namespace

std::string help_formatter::make_help(CLI::App const* app, std::string name,
                                      CLI::AppFormatMode /*mode*/) const
{
    std::string arguments;
    for (auto const* option : app->get_options())
        if (option->get_positional())
            arguments += row(option->get_name(true), option->get_description());
    std::string commands;
    for (auto const* c : commands_of(*app)) commands += row(c->get_name(), c->get_description());

    std::string out = fmt::format("{}: {}\n\n", name, app->get_description());
    if (!app->get_parent()) out += fmt::format("Examples:\n{}\n", examples_);
    out += usage_of(*app, name) + section("Arguments", arguments) + section("Commands", commands);
    for (auto const& [title, rows] : groups_of(*app)) out += section(title, rows);
    if (auto const footer = app->get_footer(); !footer.empty()) out += "\n" + footer + "\n";
    return out;
}

}  // namespace notify::cli
