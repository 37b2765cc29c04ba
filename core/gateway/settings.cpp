// SPDX-License-Identifier: MIT
#include "gateway/settings.hpp"

#include "base/shell_word.hpp"

#include <fmt/format.h>

#include <string_view>

namespace notify {

// display() leaves out the password: whoever runs the command gives it in a file.
std::string gateway_settings::redis_flag() const
{
    std::string const shown = redis.display();
    std::string flag =
        shown == redis::redis_options::default_url ? "" : " --redis " + shell_word(shown);
    auto const add = [&flag](std::string_view option, std::string const& file) {
        if (!file.empty()) flag += fmt::format(" {} {}", option, shell_word(file));
    };
    add("--redis-ca-file", redis.address.ca_file);
    add("--redis-cert-file", redis.address.cert_file);
    add("--redis-key-file", redis.address.key_file);
    return flag;
}

}  // namespace notify
