// SPDX-License-Identifier: MIT
#include "wire/stream_refusal.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

namespace notify {

std::string body_of(stream_refusal const& why)
{
    std::string object = fmt::format(R"({{"type":"error","code":"{}","message":)", why.code);
    append_json_string(object, why.message);
    return object += '}';
}

http_response answer_of(stream_refusal const& why)
{
    http_response answer = make_answer(why.status, "application/json", body_of(why));
    switch (why.status) {
    case http_status::unauthorized: answer.set(http_field::www_authenticate, "Bearer"); break;
    case http_status::method_not_allowed:
        answer.set(http_field::allow, "GET, HEAD, OPTIONS");
        break;
    case http_status::too_many_requests:
    case http_status::service_unavailable: answer.set(http_field::retry_after, "5"); break;
    default: break;
    }
    return answer;
}

}  // namespace notify
