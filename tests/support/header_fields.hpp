// SPDX-License-Identifier: MIT
//
// The headers of a request, as a test writes them down.
#pragma once

#include <boost/beast/http/fields.hpp>

#include <initializer_list>
#include <string_view>
#include <utility>

namespace notify::test {

// The fields in this order. A name that is given twice makes two lines.
[[nodiscard]] inline boost::beast::http::fields header_fields(
    std::initializer_list<std::pair<std::string_view, std::string_view>> lines)
{
    boost::beast::http::fields fields;
    for (auto const& [name, value] : lines)
        fields.insert({name.data(), name.size()}, {value.data(), value.size()});
    return fields;
}

}  // namespace notify::test
