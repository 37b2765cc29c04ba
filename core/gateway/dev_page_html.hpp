// SPDX-License-Identifier: MIT
//
// The page of --dev as one text; @USER@ stands for the user id to begin with.
#pragma once

#include <string_view>

namespace notify {

extern std::string_view const dev_page_html;

}  // namespace notify
