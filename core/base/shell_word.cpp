// SPDX-License-Identifier: MIT
#include "base/shell_word.hpp"

#include <algorithm>

namespace notify {

namespace {

constexpr std::string_view harmless = "._@:+-/=,%";

bool is_harmless(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           harmless.find(c) != harmless.npos;
}

}  // namespace

std::string shell_word(std::string_view text)
{
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_harmless))
        return std::string{text};
    std::string out = "'";
    for (char const c : text) {
        if (c == '\'')
            out += R"('\'')";
        else
            out += c;
    }
    return out += '\'';
}

}  // namespace notify
