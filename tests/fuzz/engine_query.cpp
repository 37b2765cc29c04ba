// SPDX-License-Identifier: MIT
#include "protocol/engine_query.hpp"

#include "fuzz/targets.hpp"

#include <algorithm>

namespace notify::fuzz {

void engine_query(std::string_view bytes)
{
    auto const q = eio::parse_engine_query(bytes);
    if (!q) return must(!eio::body_of(q.error()).empty(), "a refusal says why");
    must(q->version == 3 || q->version == 4 || q->version == 0, "a version is known or none");
    must(bytes.find(q->sid) != bytes.npos, "a sid is part of the query");
    must(std::all_of(q->jsonp.begin(), q->jsonp.end(), [](char c) { return c >= '0' && c <= '9'; }),
         "the function of JSONP is a number");
}

}  // namespace notify::fuzz
