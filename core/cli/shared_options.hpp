// SPDX-License-Identifier: MIT
//
// Options that several tools have, under the same name and with the same meaning. What a tool
// does with one is its own: it gives the text for --help.
#pragma once

#include "cli/command_line.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace notify::cli {

// Adds -u,--user. T: a string, an optional one, or a list, if the option may be repeated; a
// user's id may hold a comma. REQUIRES: user outlives line.
template <class T>
CLI::Option* add_user(command_line& line, T& user, std::string help)
{
    return line.setting(line.app()
                            .add_option("-u,--user", user, std::move(help))
                            ->type_name("ID")
                            ->allow_extra_args(false),
                        {}, command_line::empty::unset, command_line::comma::belongs);
}

// Adds --json. REQUIRES: json outlives line.
void add_json(command_line& line, bool& json, std::string help);

// Adds --uuidcookie-prefix, and gives prefix its default. what: the keys with this prefix, as
// --help calls them. REQUIRES: prefix outlives line.
void add_uuid_prefix(command_line& line, std::string& prefix, std::string_view what);

}  // namespace notify::cli
