// SPDX-License-Identifier: MIT
//
// A service that is one function: answers GET and HEAD, without waiting.
#pragma once

#include "http/http_connection.hpp"
#include "http/http_service.hpp"

#include <functional>
#include <utility>

namespace notify {

class function_service final : public http_service {
public:
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
