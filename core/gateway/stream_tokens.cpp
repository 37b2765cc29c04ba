// SPDX-License-Identifier: MIT
#include "gateway/stream_tokens.hpp"

#include "contract/stream_token.hpp"

#include <chrono>

namespace notify {

namespace {

std::int64_t seconds_since_1970()
{
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

}  // namespace

// Rounded up: a token holds at least as long as was promised.
std::string stream_tokens::give(user_id const& user, milliseconds renewed_in) const
{
    secret_key const* const key = window_.count() > 0 ? key_() : nullptr;
    if (!key) return {};
    auto const until = seconds_since_1970() + (window_ + renewed_in).count() / 1'000 + 1;
    return stream_token_of(user, until, *key);
}

std::optional<result<user_id>> stream_tokens::read(std::string_view token) const
{
    if (window_.count() == 0)
        return error{"this site takes no recovery tokens: come with a new uuid"};
    secret_key const* const key = key_();
    if (!key) return std::nullopt;
    return user_of_stream_token(token, seconds_since_1970(), *key);
}

}  // namespace notify
