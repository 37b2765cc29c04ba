// SPDX-License-Identifier: MIT
#include "cli/shared_options.hpp"

#include "identity/uuid_cookie.hpp"

#include <fmt/format.h>

#include <utility>

namespace notify::cli {

void add_json(command_line& line, bool& json, std::string help)
{
    line.setting(line.app().add_flag("--json", json, std::move(help)));
}

void add_uuid_prefix(command_line& line, std::string& prefix, std::string_view what)
{
    prefix = uuid_cookies::default_prefix;
    line.setting(line.app()
                     .add_option("--uuidcookie-prefix", prefix,
                                 fmt::format("What {} begin with; default {}", what, prefix))
                     ->type_name("TEXT"),
                 {"UUIDCOOKIE_PREFIX"});
}

}  // namespace notify::cli
