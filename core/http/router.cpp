// SPDX-License-Identifier: MIT
#include "http/router.hpp"

namespace notify {

void router::add(std::string path, std::shared_ptr<http_service> service)
{
    bool const is_prefix = path.ends_with('*');
    if (is_prefix) path.pop_back();
    routes_.push_back({std::move(path), is_prefix, std::move(service)});
}

http_service* router::find(std::string_view path) const
{
    for (route const& r : routes_)
        if (r.is_prefix ? path.starts_with(r.path) : path == r.path) return r.service.get();
    return nullptr;
}

}  // namespace notify
