// SPDX-License-Identifier: MIT
#include "publisher.hpp"

#include "identity/user_id.hpp"
#include "stamp.hpp"

#include <fmt/format.h>

namespace notify::bench {

std::string user_name(std::size_t n) { return fmt::format("bench-{}", n); }

publisher::publisher(redis_pipe& redis, scenario const& s)
    : redis_{redis}, first_user_{s.first_user}
{
    for (std::size_t n = 0; n < s.users; ++n)
        channels_.push_back(channel_of(parse_user_id(user_name(first_user_ + n)).value()));
}

void publisher::publish(std::size_t n)
{
    std::uint64_t const now = nanoseconds_now();
    for (; n > 0; --n, ++published_) {
        std::size_t const user = published_ % channels_.size();
        auto const sequence = static_cast<std::uint32_t>(published_ / channels_.size());
        stamp::text const text =
            stamp{static_cast<std::uint32_t>(first_user_ + user), sequence, now}.to_text();
        redis_.send({"PUBLISH", channels_[user], {text.data(), text.size()}});
    }
    redis_.flush();
}

}  // namespace notify::bench
