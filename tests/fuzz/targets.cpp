// SPDX-License-Identifier: MIT
#include "fuzz/targets.hpp"

#include <array>
#include <stdexcept>

namespace notify::fuzz {

std::span<target const> targets()
{
    static constexpr std::array all{
        target{"engine_packet", engine_packet},
        target{"engine_payload", engine_payload},
        target{"engine_query", engine_query},
        target{"socket_packet", socket_packet},
        target{"websocket_frame", websocket_frame},
        target{"jsonp", jsonp},
        target{"resp", resp},
        target{"request_head", request_head},
        target{"host", host},
        target{"cookie", cookie},
        target{"recovery", recovery},
        target{"stream_request", stream_request},
        target{"uuid_cookie", uuid_cookie},
        target{"web_app_answer", web_app_answer},
        target{"client_session", client_session},
        target{"session_script", session_script},
    };
    return all;
}

void must(bool holds, char const* expected)
{
    if (!holds) throw std::logic_error{expected};
}

}  // namespace notify::fuzz
