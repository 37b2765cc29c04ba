// SPDX-License-Identifier: MIT
#include "cli/suggestion.hpp"

#include <algorithm>
#include <cstddef>

namespace notify::cli {

namespace {

// All names are shorter than this. distance() takes time and memory by the product of both lengths,
// and an argument may have a megabyte.
constexpr std::size_t longest = 64;

// Returns how many letters have to be put in, taken out, replaced, or exchanged with their
// neighbour to make b of a (optimal string alignment). d[i][j] is the answer for the first i
// letters of a and the first j of b; each follows from its neighbours by the cheapest last step.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const replaced = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.size()][b.size()];
}

// True if part is one or more whole words at the head or the end of name: "log", "level".
bool is_part(std::string_view part, std::string_view name)
{
    return name.starts_with(std::string{part} + "-") || name.ends_with("-" + std::string{part});
}

}  // namespace

std::string closest(std::string_view word, std::vector<std::string> const& names)
{
    if (word.empty() || word.size() > longest) return {};
    // Distances are doubled, so that a name of which a part was left out can stand between those at
    // one letter's distance and those at two. A third of the letters may be wrong, at least one.
    std::string best;
    std::size_t least = 2 * (std::max<std::size_t>(1, word.size() / 3) + 1);
    for (auto const& name : names) {
        auto d = 2 * distance(word, name);
        if (is_part(word, name) || is_part(name, word)) d = std::min<std::size_t>(d, 3);
        // Not a name of which no letter would be left: any letter is at distance one of "x".
        if (d >= least || d >= 2 * name.size()) continue;
        least = d;
        best = name;
    }
    return best;
}

}  // namespace notify::cli
