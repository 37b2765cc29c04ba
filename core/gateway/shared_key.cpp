// SPDX-License-Identifier: MIT
#include "gateway/shared_key.hpp"

#include "base/random.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdint>

namespace notify {

namespace {

// The secret that this process proposes, and uses if it has to keep to itself: random, made by the
// first call, the same for all threads.
std::string const& secret_of_process()
{
    static std::string const secret = [] {
        std::array<std::uint8_t, shared_key::least> bytes;
        fill_random(bytes);
        return fmt::format("{:02x}", fmt::join(bytes, ""));
    }();
    return secret;
}

// Why a reply to GET is no secret. It is not quoted: it may be one all the same, cut off.
std::string reason(redis::reply_view const& r)
{
    if (r.is_error()) return redis::quoted_error(r);
    if (r.is_nil()) return "SET did not keep it";
    return fmt::format("what is there has fewer than {} bytes", shared_key::least);
}

}  // namespace

// Whatever SET answers, GET tells which secret counts.
void shared_key::agree(own_handler own)
{
    if (is_given_) return;
    std::string_view const proposed = secret_.empty() ? secret_of_process() : secret_;
    redis_.command({"SET", name, proposed, "NX"}, [](auto const&) {});
    redis_.command({"GET", name}, [this, own = std::move(own)](result<redis::reply_view> const& r) {
        on_secret(r, own);
    });
}

void shared_key::on_secret(result<redis::reply_view> const& reply, own_handler const& own)
{
    if (!reply) return;  // Redis was lost: the next connection asks again
    if (reply->type() == redis::reply_type::string && reply->text().size() >= least) {
        secret_ = reply->text();
        key_.emplace(secret_);
        return;
    }
    if (key_) return;
    key_.emplace(secret_of_process());
    own(reason(*reply));
}

}  // namespace notify
