// SPDX-License-Identifier: MIT
//
// What libFuzzer calls. The target is the one that NOTIFY_FUZZ_TARGET names.
#include "fuzz/targets.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

notify::fuzz::target const& chosen_target()
{
    char const* const name = std::getenv("NOTIFY_FUZZ_TARGET");
    auto const all = notify::fuzz::targets();
    auto const found =
        std::find_if(all.begin(), all.end(), [&](auto const& t) { return name && t.name == name; });
    if (found != all.end()) return *found;
    std::fprintf(stderr, "NOTIFY_FUZZ_TARGET is none of:\n");
    for (auto const& t : all) std::fprintf(stderr, "%s\n", t.name.data());
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const& target = chosen_target();
    target.run({reinterpret_cast<char const*>(data), size});
    return 0;
}
