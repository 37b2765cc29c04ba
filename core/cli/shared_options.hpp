// SPDX-License-Identifier: MIT
//
// Options that several tools have, under the same name and with the same meaning: a --user that
// takes a comma in one tool and splits at it in another would send to the wrong people. Each tool
// gives the text for --help, since what it does with the value is its own. The options for Redis
// are in redis_settings.
//
// Each function declares one option as a setting (command_line::setting), so that the environment
// and the configuration file set it too. Called by a tool's options.cpp before parse(), which
// writes the value; until then the variable keeps what it holds, which is the default.
#pragma once

#include "cli/command_line.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace notify::cli {

// Adds -u,--user, and returns it for what the tool still has to ask, such as was_typed(). T is a
// string, an optional one, or a list of strings if the option may be repeated. The value is not
// checked: that is parse_user_id()'s (contract/user_id). A user's id may hold a comma, so
// NOTIFY_USER is one id and no list. An option takes one value, also for a list: CLI11 would take
// all that follows, and `--user 5 Hey` is a user and a message. REQUIRES: user outlives
// line.parse().
template <class T>
CLI::Option* add_user(command_line& line, T& user, std::string help)
{
    return line.setting(line.app()
                            .add_option("-u,--user", user, std::move(help))
                            ->type_name("ID")
                            ->allow_extra_args(false),
                        {}, command_line::empty::unset, command_line::comma::belongs);
}

// Adds --json, a flag. REQUIRES: json outlives line.parse().
void add_json(command_line& line, bool& json, std::string help);

// Adds --uuidcookie-prefix, whose older variable is UUIDCOOKIE_PREFIX, and gives prefix its
// default. The gateway and the tools that mint must agree on it, or no uuid is ever found. what:
// the keys with this prefix, as --help calls them. REQUIRES: prefix outlives line.parse().
void add_uuid_prefix(command_line& line, std::string& prefix, std::string_view what);

}  // namespace notify::cli
