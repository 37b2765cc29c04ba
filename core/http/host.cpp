// SPDX-License-Identifier: MIT
#include "http/host.hpp"

#include <algorithm>

namespace notify {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool holds_only(std::string_view text, auto is_good)
{
    return std::all_of(text.begin(), text.end(), is_good);
}

bool is_one_of(char c, std::string_view set) { return set.find(c) != set.npos; }

// The characters of a registered name (RFC 3986 section 3.2.2), IPv4 addresses included. `%` may
// begin an escape, which is compared as it is.
bool is_name(std::string_view host)
{
    return holds_only(host, [](char c) {
        return is_digit(c) || is_letter(c) || is_one_of(c, "-._~%!$&'()*+,;=");
    });
}

// True for what may be an IPv6 address. Not parsed: hosts are only compared with each other.
bool is_bracketed(std::string_view host)
{
    return host.size() > 2 && host.ends_with(']') &&
           holds_only(host.substr(1, host.size() - 2),
                      [](char c) { return is_digit(c) || is_letter(c) || c == ':' || c == '.'; });
}

}  // namespace

std::optional<std::string> host_of_authority(std::string_view authority)
{
    bool const bracketed = authority.starts_with('[');
    std::size_t const colon = authority.find(':', bracketed ? authority.find(']') : 0);
    std::string_view const host = authority.substr(0, colon);
    std::string_view const port = colon == authority.npos ? "" : authority.substr(colon + 1);
    bool const good = bracketed ? is_bracketed(host) : is_name(host);
    if (!good || !holds_only(port, is_digit)) return std::nullopt;
    std::string lower{host};
    std::transform(lower.begin(), lower.end(), lower.begin(), lower_of);
    return lower;
}

std::optional<std::string> host_of_origin(std::string_view origin)
{
    std::size_t const mark = origin.find("://");
    if (mark == origin.npos) return std::nullopt;
    std::string_view const scheme = origin.substr(0, mark);
    bool const good =
        !scheme.empty() && is_letter(scheme.front()) && holds_only(scheme, [](char c) {
            return is_digit(c) || is_letter(c) || is_one_of(c, "+-.");
        });
    auto host = host_of_authority(origin.substr(mark + 3));
    if (!good || !host || host->empty()) return std::nullopt;
    return host;
}

}  // namespace notify
