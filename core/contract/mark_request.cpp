// SPDX-License-Identifier: MIT
#include "contract/mark_request.hpp"

#include "contract/position.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

constexpr std::string_view what_to_write =
    R"(write {"ids":["1732657160000-17"]} with the ids of notifications, or {"all":true})";

bool is_id(json const& value)
{
    return value.is_string() && parse_position(value.get_ref<std::string const&>(), "0");
}

}  // namespace

bool mark_request::try_add(mark_request const& other)
{
    if (all) return true;
    if (other.all) {
        *this = other;
        return true;
    }
    if (ids.size() + other.ids.size() > max_ids) return false;
    ids.insert(ids.end(), other.ids.begin(), other.ids.end());
    return true;
}

result<mark_request> parse_mark_request(json const& argument)
{
    mark_request request;
    if (argument.is_object() && argument.value("all", json{}) == true) {
        request.all = true;
        return request;
    }
    auto const ids = argument.is_object() ? argument.find("ids") : argument.end();
    if (ids == argument.end() || !ids->is_array() || ids->empty())
        return error{fmt::format("this does not say what was read: {}", what_to_write)};
    if (ids->size() > mark_request::max_ids)
        return error{fmt::format("{} ids are too many at once: {} are allowed", ids->size(),
                                 mark_request::max_ids)};
    if (!std::all_of(ids->begin(), ids->end(), is_id))
        return error{fmt::format("one of the ids is none: {}", what_to_write)};
    for (json const& id : *ids) request.ids.push_back(id.get<std::string>());
    return request;
}

}  // namespace notify
