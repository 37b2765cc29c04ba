// SPDX-License-Identifier: MIT
//
// The page of `--dev` as one text, with its styles and script in it, so that the program needs no
// files beside it. Two marks are replaced when it is served (dev_page.cpp): `@USER@` by the user id
// to begin with, `@REDIS@` by the options that notify-send needs to find this Redis.
#pragma once

#include <string_view>

namespace notify {

extern std::string_view const dev_page_html;

}  // namespace notify
