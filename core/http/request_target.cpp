// SPDX-License-Identifier: MIT
#include "http/request_target.hpp"

#include <cstddef>

namespace notify {

namespace {

std::string_view without_authority(std::string_view target)
{
    if (!target.starts_with("http://") && !target.starts_with("https://")) return target;
    std::size_t const path = target.find('/', target.find("//") + 2);
    return path == target.npos ? "/" : target.substr(path);
}

}  // namespace

std::string_view path_of(std::string_view target)
{
    std::string_view const local = without_authority(target);
    return local.substr(0, local.find('?'));
}

std::string_view query_of(std::string_view target)
{
    std::string_view const local = without_authority(target);
    std::size_t const mark = local.find('?');
    return mark == local.npos ? std::string_view{} : local.substr(mark + 1);
}

}  // namespace notify
