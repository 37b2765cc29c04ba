// SPDX-License-Identifier: MIT
#include "identity/uuid_cookie.hpp"

#include "fuzz/targets.hpp"

namespace notify::fuzz {

// As what a client sends, and as what Redis has.
void uuid_cookie(std::string_view bytes)
{
    if (is_uuid_like(bytes))
        must(bytes.size() <= 128 && bytes.find_first_of(" \r\n") == bytes.npos,
             "what is looked up is a word");
    if (auto const user = parse_uuid_cookie_value(bytes)) {
        auto const again = parse_user_id(user->text());
        must(again && *again == *user, "a user is one");
    }
}

}  // namespace notify::fuzz
