// SPDX-License-Identifier: MIT
#include "identity/web_app.hpp"

#include "fuzz/targets.hpp"

#include <string>

namespace notify::fuzz {

// The status in the first byte, then the body.
void web_app_answer(std::string_view bytes)
{
    if (bytes.empty()) return;
    unsigned const status = 200 + 50 * (static_cast<unsigned char>(bytes[0]) % 7u);
    auto const user = parse_web_app_answer({status, std::string{bytes.substr(1)}});
    if (!user) return must(!user.error().message.empty(), "a refusal says why");
    must(status == 200, "only a 200 names somebody");
    auto const again = parse_user_id(user->text());
    must(again && *again == *user, "a user is one");
}

}  // namespace notify::fuzz
