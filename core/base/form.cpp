// SPDX-License-Identifier: MIT
#include "base/form.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>

namespace notify {

namespace {

// Undoes %xx, and '+' for a space. Boost refuses a text with a malformed escape as a whole; then
// none of its escapes is undone.
std::string decoded(std::string_view text)
{
    auto const escaped = boost::urls::make_pct_string_view({text.data(), text.size()});
    if (!escaped) return std::string{text};
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    return escaped->decode(options);
}

}  // namespace

std::optional<std::pair<std::string, std::string>> form_reader::next()
{
    rest_.remove_prefix(std::min(rest_.find_first_not_of('&'), rest_.size()));
    if (rest_.empty()) return std::nullopt;
    std::string_view const field = rest_.substr(0, rest_.find('&'));
    rest_.remove_prefix(field.size());
    std::size_t const equals = std::min(field.find('='), field.size());
    return std::pair{decoded(field.substr(0, equals)),
                     decoded(field.substr(std::min(equals + 1, field.size())))};
}

}  // namespace notify
