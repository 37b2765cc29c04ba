// SPDX-License-Identifier: MIT
#include "http/host.hpp"

#include "fuzz/targets.hpp"

#include <tuple>

#include <algorithm>
#include <string>

namespace notify::fuzz {

void host(std::string_view bytes)
{
    auto const h = host_of_authority(bytes);
    if (h) {
        must(h->size() <= bytes.size(), "a host is part of its authority");
        must(std::none_of(h->begin(), h->end(), [](char c) { return c >= 'A' && c <= 'Z'; }),
             "in lower case");
        must(h->find_first_of("@/?# \r\n") == h->npos, "and nothing but a host");
        must(host_of_authority(*h) == h, "which is its own");
    }
    std::string const origin = "https://" + std::string{bytes};
    auto const of_origin = host_of_origin(origin);
    must(of_origin ? h == of_origin : !h || h->empty(), "an origin has the host of its authority");
    std::ignore = host_of_origin(bytes);
}

}  // namespace notify::fuzz
