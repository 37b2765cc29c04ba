// SPDX-License-Identifier: MIT
#include "identity/lookup.hpp"

namespace notify {

std::string_view name_of(refusal_code code)
{
    switch (code) {
    case refusal_code::redis_failed: return "USER_ID_RETRIEVAL_RETURNED_ERROR";
    case refusal_code::unknown_uuid: return "USERID_IS_NULL";
    case refusal_code::cookies_refused: return "SUBSCRIBE_BY_COOKIES_ERROR";
    }
    return "UNKNOWN";
}

}  // namespace notify
