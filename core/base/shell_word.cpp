// SPDX-License-Identifier: MIT
#include "base/shell_word.hpp"

#include <algorithm>

namespace notify {

namespace {

// Beside letters and digits; a list of what is safe, since shells differ in what is special. '~' is
// not on it: at the head of a word it is a home directory.
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
        // Nothing is special within single quotes, and a quote cannot stand there: it ends them,
        // follows by itself with a backslash, and begins them again.
        if (c == '\'')
            out += R"('\'')";
        else
            out += c;
    }
    return out += '\'';
}

}  // namespace notify
