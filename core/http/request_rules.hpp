// SPDX-License-Identifier: MIT
//
// Which requests a server must refuse though its parser accepts them.
//
// Most rules are about where a request ends and for whom it is. A proxy and a gateway that disagree
// on that let one client's bytes pass for the request of another one (request smuggling). So what
// is ambiguous is refused and never repaired.
//
// A pure function of the head; http_connection asks it before any service sees the request.
#pragma once

#include "http/arrival.hpp"
#include "http/http_refusal.hpp"

#include <optional>

namespace notify {

// Returns why a request must not be served: bad_host (RFC 9112 section 3.2), bad_framing or
// unknown_coding (section 6.1), or unknown_method (RFC 9110 section 9.1). Nothing: it may be. The
// connection must end after a refusal, since nobody knows where the next request would begin.
[[nodiscard]] std::optional<http_refusal> reason_to_refuse(request_parser::value_type const& r);

}  // namespace notify
