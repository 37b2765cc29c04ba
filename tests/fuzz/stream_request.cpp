// SPDX-License-Identifier: MIT
#include "wire/stream_request.hpp"

#include "base/json.hpp"
#include "contract/event_id.hpp"
#include "fuzz/targets.hpp"
#include "http/accept.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace notify::fuzz {

// The values of Accept, Last-Event-ID and Authorization in a line each, then the query.
void stream_request(std::string_view bytes)
{
    std::array<std::string_view, 4> part;
    for (auto& p : part) {
        p = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(p.size() + 1, bytes.size()));
    }
    auto const& [accept, id, authorization, query] = part;
    for (char const* const type : {"text/event-stream", "application/x-ndjson"}) {
        int const quality = quality_of(type, accept);
        must(quality >= 0 && quality <= 1000, "a quality is one of thousandths");
    }
    if (auto const read = parse_event_id(id)) must(to_text(*read) == id, "an id has one text");

    auto const asked = read_stream_request({accept, id, authorization, query, false}, 1'000'000);
    if (!asked) {
        auto const body = parse_json(body_of(asked.error()));
        must(body && (*body)["message"] == asked.error().message, "a refusal is JSON");
        auto const status = answer_of(asked.error()).result_int();
        must(status == 400 || status == 401 || status == 406, "and the client's fault");
    } else {
        must(asked->token.empty() != !asked->uuid, "a client is known by one thing");
    }
}

}  // namespace notify::fuzz
