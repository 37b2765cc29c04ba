// SPDX-License-Identifier: MIT
#include "base/form.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>

namespace notify {

namespace {

std::string decoded(std::string_view text)
{
    auto const escaped = boost::urls::make_pct_string_view({text.data(), text.size()});
    if (!escaped) return std::string{text};
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    return escaped->decode(options);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> fields;
    while (!text.empty()) {
        std::string_view const field = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(field.size() + 1, text.size()));
        if (field.empty()) continue;
        std::size_t const equals = std::min(field.find('='), field.size());
        fields.emplace_back(decoded(field.substr(0, equals)),
                            decoded(field.substr(std::min(equals + 1, field.size()))));
    }
    return fields;
}

}  // namespace notify
