// SPDX-License-Identifier: MIT
#include "contract/receipt.hpp"

#include "base/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace notify {

// Nothing needs an escape: both names are of characters that JSON has no use for.
std::string to_text(receipt const& r)
{
    std::string const what =
        r.seen ? R"("seen":true)" : fmt::format(R"("sessions":{})", r.sessions);
    return fmt::format(R"({{"id":"{}","gateway":"{}",{}}})", r.id, r.gateway, what);
}

result<receipt> parse_receipt(std::string_view text)
{
    auto const object = parse_json(text);
    if (!object) return object.error();
    auto const is = [&object](char const* name, auto const& check) {
        auto const found = object->find(name);
        return found != object->end() && check(*found);
    };
    auto const is_text = [](json const& value) { return value.is_string(); };
    bool const seen = is("seen", [](json const& value) { return value == true; });
    bool const counts =
        is("sessions", [](json const& value) { return value.is_number_unsigned(); });
    if (!object->is_object() || !is("id", is_text) || !is("gateway", is_text) || seen == counts)
        return error{"this is no receipt: id, gateway, and sessions or seen are missing"};
    return receipt{(*object)["id"], (*object)["gateway"], seen,
                   seen ? 0 : (*object)["sessions"].get<std::uint64_t>()};
}

}  // namespace notify
