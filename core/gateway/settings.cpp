// SPDX-License-Identifier: MIT
#include "gateway/settings.hpp"

namespace notify {

std::string gateway_settings::redis_flag() const
{
    std::string const shown = redis.display();
    return shown == redis::redis_options::default_url ? "" : " --redis " + shown;
}

}  // namespace notify
