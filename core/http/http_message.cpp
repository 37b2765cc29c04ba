// SPDX-License-Identifier: MIT
#include "http/http_message.hpp"

#include <utility>

namespace notify {

http_response make_answer(http_status status, std::string_view content_type, std::string body)
{
    http_response response{status, 11};
    response.set(http_field::content_type, content_type);
    response.set(http_field::cache_control, "no-store");
    response.body() = std::move(body);
    return response;
}

}  // namespace notify
