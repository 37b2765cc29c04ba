// SPDX-License-Identifier: MIT
#include "gateway/new_subscriptions.hpp"

#include "base/shell_word.hpp"

#include <spdlog/spdlog.h>

namespace notify {

namespace {

constexpr std::uint32_t most_told = 10;  // lines in a second

}  // namespace

void new_subscriptions::add(user_id const& user, std::string_view channel)
{
    bool const tells = shown_ && told_ < most_told;
    if (tells)
        ++told_;
    else
        ++untold_;
    spdlog::log(tells ? spdlog::level::info : spdlog::level::debug,
                "user {} subscribes to {}; to send: notify-send --user {}{} \"Hey\"", user.text(),
                channel, shell_word(user.text()), redis_flag_);
}

std::uint64_t new_subscriptions::take_untold()
{
    told_ = 0;
    return std::exchange(untold_, 0);
}

}  // namespace notify
