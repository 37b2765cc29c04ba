// SPDX-License-Identifier: MIT
#include "socketio/recovery.hpp"

#include "fuzz/targets.hpp"

#include <algorithm>
#include <string>

namespace notify::fuzz {

// A body of a pid up to the first line feed, then an offset. The body gets a good signature, since
// nothing would be read otherwise.
void recovery(std::string_view bytes)
{
    using namespace sio;
    static secret_key const key{"fuzzing"};
    std::string_view const body = bytes.substr(0, bytes.find('\n'));
    std::string_view const offset = bytes.substr(std::min(body.size() + 1, bytes.size()));

    std::string pid{body};
    pid.append(1, '.').append(signature_of("notify pid\n/ns\n" + std::string{body}, key));
    auto const s = read_pid(pid, "/ns", key, 1'732'657'160);
    must(!read_pid(body, "/ns", key, 1'732'657'160), "what is not signed names nobody");
    recoverable_socket const whose = s ? *s : recoverable_socket{};
    if (s) {
        must(pid_of(*s, "/ns", key) == pid, "one socket has one pid");
        must(s->user.size() <= 255, "of a user that is not too long");
    }
    auto const said = offset_from(offset, whose, "/ns", key);
    must(offset.starts_with(said.position) && said.position.find('.') == offset.npos,
         "a position is what an offset begins with");
    must(said.alive == 0, "and nobody can make a sign of life up");
}

}  // namespace notify::fuzz
