// SPDX-License-Identifier: MIT
#include "contract/channel_name.hpp"

#include <fmt/format.h>

namespace notify {

std::string channel_of(user_id const& user)
{
    return fmt::format("/app/user/{}/notifications", user.text());
}

}  // namespace notify
