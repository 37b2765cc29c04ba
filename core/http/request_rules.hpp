// SPDX-License-Identifier: MIT
//
// What a server must refuse though it can be parsed. Most of it is about where a
// request ends and for whom it is: two servers in a row that disagree on that let
// one client's bytes pass for another's request.
#pragma once

#include "http/arrival.hpp"
#include "http/http_refusal.hpp"

#include <optional>

namespace notify {

// Why a request must not be served, by its head (RFC 9110 and 9112). The
// connection must end then.
[[nodiscard]] std::optional<http_refusal> reason_to_refuse(request_parser::value_type const& r);

}  // namespace notify
