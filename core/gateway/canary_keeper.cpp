// SPDX-License-Identifier: MIT
#include "gateway/canary_keeper.hpp"

#include "base/random.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>

namespace notify {

namespace {

std::string random_channel()
{
    auto const id = random_id();
    return fmt::format("/app/gateway/{}/canary", std::string_view{id.data(), id.size()});
}

// Not the shard's clock, whose tick of 20 ms is longer than most round trips.
canary::microseconds exact_now()
{
    return std::chrono::duration_cast<canary::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

canary_keeper::canary_keeper(redis::redis_client& commands, redis::redis_broker& messages,
                             std::size_t number)
    : commands_{commands}, messages_{messages}, number_{number}, channel_{random_channel()}
{
    messages_.add_own(channel_, *this);
}

// A connection that is silent is dead for its owner, whatever the operating system thinks of it.
void canary_keeper::tend()
{
    switch (canary_.due(exact_now())) {
    case canary::step::nothing: return;
    case canary::step::subscribe: {
        std::string_view const own[] = {channel_};
        return messages_.subscribe(own);
    }
    case canary::step::publish: return publish();
    case canary::step::drop:
        std::string const why = sentence_of(readiness::silent, channel_);
        messages_.drop(why);
        commands_.drop(why);
    }
}

// The reply says only whether Redis took it; what proves something is the message. A reply that
// cannot be one to PUBLISH belongs to another command: one has got lost, and all later ones would
// be taken for those before them.
void canary_keeper::publish()
{
    commands_.command({"PUBLISH", channel_, canary_.nonce()},
                      [this](result<redis::reply_view> const& r) {
                          if (!r) return;
                          if (redis::is_refused_command(*r))
                              on_refused(redis::quoted_error(*r));
                          else if (!r->is_integer() && !r->is_error())
                              commands_.drop("a reply of Redis has got lost");
                      });
}

void canary_keeper::on_message(std::string_view payload)
{
    bool const was_refused = canary_.state() == readiness::refused;
    canary_.on_message(payload, exact_now());
    if (was_refused && canary_.state() == readiness::ready)
        spdlog::info("shard {}: ready: {}", number_, sentence_of(readiness::ready, channel_));
}

// Said once, not with each try.
void canary_keeper::on_refused(std::string_view why)
{
    bool const is_news = canary_.state() != readiness::refused;
    canary_.on_refused();
    if (is_news)
        spdlog::warn("shard {}: users are served, but /readyz says no: {} ({})", number_,
                     sentence_of(readiness::refused, channel_), why);
}

}  // namespace notify
