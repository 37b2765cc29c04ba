// SPDX-License-Identifier: MIT
#include "socketio/offered_namespaces.hpp"

#include "socketio/connection.hpp"

#include <algorithm>

namespace notify::sio {

void offered_namespaces::offer(std::string name, namespace_handler& handler)
{
    offered_.push_back(std::make_unique<ns>(ns{std::move(name), &handler}));
}

// A `/` that is offered comes before the empty one. A gateway has one or two namespaces, so a list
// is searched.
ns const* offered_namespaces::find(std::string_view name) const
{
    auto const found = std::find_if(offered_.begin(), offered_.end(),
                                    [&](auto const& place) { return place->name == name; });
    if (found != offered_.end()) return found->get();
    return name == empty_root_.name ? &empty_root_ : nullptr;
}

std::unique_ptr<eio::session_handler> offered_namespaces::accept(eio::session& s)
{
    return std::make_unique<connection>(*this, s);
}

}  // namespace notify::sio
