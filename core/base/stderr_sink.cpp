// SPDX-License-Identifier: MIT
#include "base/stderr_sink.hpp"

#include <spdlog/pattern_formatter.h>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>

namespace notify {

namespace {

// An empty NO_COLOR counts as none, as https://no-color.org asks.
bool wants_colour()
{
    char const* const no_color = std::getenv("NO_COLOR");
    return ::isatty(STDERR_FILENO) == 1 && !(no_color && *no_color);
}

// Returns the escape sequence (ECMA-48, SGR) that begins the colour of a level.
std::string_view colour_of(spdlog::level::level_enum level)
{
    switch (level) {
    case spdlog::level::err:
    case spdlog::level::critical: return "\033[31m\033[1m";
    case spdlog::level::warn: return "\033[33m\033[1m";
    case spdlog::level::info: return "\033[32m";
    default: return "\033[36m";
    }
}

}  // namespace

stderr_sink::stderr_sink() : coloured_{wants_colour()}
{
    set_formatter_(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v"));
}

// Called by spdlog for each line that its level lets through. The formatter leaves in msg which
// part of the line stands between %^ and %$, which is the level's name; that part is coloured.
void stderr_sink::sink_it_(spdlog::details::log_msg const& msg)
{
    if (msg.level == plain_line) return write({msg.payload.data(), msg.payload.size()});
    spdlog::memory_buf_t formatted;
    formatter_->format(msg, formatted);
    std::string_view const line{formatted.data(), formatted.size()};
    if (!coloured_) return write(line);
    std::string text{line.substr(0, msg.color_range_start)};
    text += colour_of(msg.level);
    text += line.substr(msg.color_range_start, msg.color_range_end - msg.color_range_start);
    text += "\033[m";
    text += line.substr(msg.color_range_end);
    write(text);
}

// Writes all of line, or counts it as lost; what has been written of it by then stays. If stderr is
// full and does not block (EAGAIN), the line is lost as well.
void stderr_sink::write(std::string_view line)
{
    while (!line.empty()) {
        ssize_t const n = ::write(STDERR_FILENO, line.data(), line.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return lose();
        line.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace notify
