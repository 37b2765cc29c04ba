// SPDX-License-Identifier: MIT
//
// A service that is one function of the request, such as /healthz and the page of --dev. Answers
// GET and HEAD, and refuses other methods (bad_method).
#pragma once

#include "http/http_connection.hpp"
#include "http/http_service.hpp"

#include <functional>
#include <utility>

namespace notify {

class function_service final : public http_service {
public:
    // Returns the whole answer. Called on the shard's thread, so it must not block. If it throws,
    // the connection ends and is logged; the process goes on.
    using function = std::function<http_response(http_connection const&)>;

    explicit function_service(function f) : function_{std::move(f)} {}

    net::awaitable<void> serve(http_connection& c) override
    {
        if (!c.only_reads()) co_return co_await c.refuse(http_refusal::bad_method);
        std::ignore = co_await c.respond(function_(c));
    }

private:
    function function_;
};

}  // namespace notify
