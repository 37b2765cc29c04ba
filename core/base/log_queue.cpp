// SPDX-License-Identifier: MIT
#include "base/log_queue.hpp"

#include <spdlog/spdlog.h>

#include <new>
#include <thread>
#include <utility>

namespace notify {

namespace {

using std::chrono::milliseconds;

// Makes logger spdlog's default one, at the level that the default one has now. A line that fails
// on its way (no memory for it, say) counts as lost.
void install(std::shared_ptr<spdlog::logger> logger, std::shared_ptr<stderr_sink> const& sink)
{
    logger->set_level(spdlog::default_logger_raw()->level());
    // spdlog's own handler would write to stderr from the thread that logs, and wait there.
    logger->set_error_handler([sink](std::string const&) { sink->lose(); });
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace

log_queue::log_queue(std::string name, std::size_t lines)
    : name_{std::move(name)},
      sink_{std::make_shared<stderr_sink>()},
      pool_{std::make_shared<pool>(lines, 1)}
{
    install(std::make_shared<spdlog::async_logger>(name_, sink_, pool_,
                                                   spdlog::async_overflow_policy::overrun_oldest),
            sink_);
}

log_queue::~log_queue()
{
    if (!drain(milliseconds{1'000})) {
        // The writing thread is stuck in write(). The pool's destructor would join it, and the
        // process would not end; so one reference to the pool is leaked on purpose.
        static auto const* const abandoned = new (std::nothrow) std::shared_ptr<pool>{pool_};
        static_cast<void>(abandoned);
    }
    install(std::make_shared<spdlog::logger>(name_, sink_), sink_);
}

void log_queue::say(std::string_view text) { spdlog::log(plain_line, "{}", text); }

std::uint64_t log_queue::lost() const { return pool_->overrun_counter() + sink_->lost(); }

// A flush is queued like a line, behind all others. So everything before it is written once the
// sink has seen it. spdlog has no call that waits for that with a time limit: hence the polling.
bool log_queue::drain(milliseconds within)
{
    auto const until = std::chrono::steady_clock::now() + within;
    std::uint64_t const before = sink_->flushed();
    spdlog::default_logger_raw()->flush();
    while (sink_->flushed() == before) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(milliseconds{2});
    }
    return true;
}

}  // namespace notify
