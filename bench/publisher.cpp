// SPDX-License-Identifier: MIT
#include "publisher.hpp"

#include "stamp.hpp"

#include <fmt/format.h>

namespace notify::bench {

std::string user_name(std::size_t n) { return fmt::format("bench-{}", n); }

publisher::publisher(outlet& to, scenario const& s) : to_{to}, first_user_{s.first_user}
{
    for (std::size_t n = 0; n < s.users; ++n)
        addresses_.push_back(to_.address_of(user_name(first_user_ + n)));
}

void publisher::publish(std::size_t n)
{
    std::uint64_t const now = nanoseconds_now();
    for (; n > 0; --n, ++published_) {
        std::size_t const user = published_ % addresses_.size();
        auto const sequence = static_cast<std::uint32_t>(published_ / addresses_.size());
        stamp::text const text =
            stamp{static_cast<std::uint32_t>(first_user_ + user), sequence, now}.to_text();
        to_.queue(addresses_[user], {text.data(), text.size()});
    }
    to_.flush();
}

}  // namespace notify::bench
