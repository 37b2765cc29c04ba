// SPDX-License-Identifier: MIT
#include "base/url_port.hpp"

#include <algorithm>

namespace notify {

std::string_view port_text(std::string_view url)
{
    // What stands before the host is taken off first, since each part may hold a colon: the
    // scheme, the password, the address of IPv6 in its brackets.
    auto const scheme = url.find("://");
    if (scheme != url.npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    if (auto const at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
    if (url.starts_with('[')) url.remove_prefix(std::min(url.find(']'), url.size()));
    auto const colon = url.find(':');
    return colon == url.npos ? std::string_view{} : url.substr(colon + 1);
}

bool has_numeric_port(std::string_view url)
{
    return port_text(url).find_first_not_of("0123456789") == url.npos;
}

}  // namespace notify
