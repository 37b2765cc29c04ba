// SPDX-License-Identifier: MIT
#include "client/client_session.hpp"

#include "fuzz/targets.hpp"

#include <tuple>

#include <string>

namespace notify::fuzz {

// What a gateway might say to notify-watch: a message in each line, binary after
// a 0x01, a ping after 0x02, a close after 0x03.
void client_session(std::string_view bytes)
{
    using kind = ws::event::kind;
    using decided = notify::client_session::decision::kind;
    notify::client_session::time_point now{};
    notify::client_session session{"{}", now};
    while (!bytes.empty()) {
        std::string_view line = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        kind what = kind::text;
        if (!line.empty() && line[0] >= 1 && line[0] <= 3) {
            constexpr kind others[] = {kind::binary, kind::ping, kind::close};
            what = others[line[0] - 1];
            line.remove_prefix(1);
        }
        now += std::chrono::milliseconds{1};
        auto const d = session.on_message({what, 1000, line}, now);
        must(session.deadline() > now || d.what == decided::lost || d.what == decided::refused,
             "a deadline is ahead");
        std::ignore = session.take_output();
        if (d.what != decided::lost && d.what != decided::refused) continue;
        return must(!d.text.empty(), "an end has a reason");
    }
    must(!session.on_silence().text.empty(), "silence has a reason");
}

}  // namespace notify::fuzz
