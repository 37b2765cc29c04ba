// SPDX-License-Identifier: MIT
#include "redis/resp.hpp"

#include "fuzz/targets.hpp"

#include <string>
#include <vector>

namespace notify::fuzz {

namespace {

void print(std::string& out, redis::reply_view v)
{
    out += std::to_string(static_cast<int>(v.type())) + ' ' + std::to_string(v.integer()) + ' ' +
           std::to_string(v.size()) + ' ' + std::string{v.text()} + '\n';
    for (redis::reply_view const element : v) print(out, element);
}

// All replies of what comes in pieces of this size, and whether it went wrong.
std::vector<std::string> replies_in(std::string_view bytes, std::size_t piece)
{
    std::vector<std::string> all;
    redis::reply_reader reader{10'000};
    while (!bytes.empty()) {
        auto const part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        reader.feed(part);
        for (;;) {
            auto const r = reader.next();
            if (!r) {
                all.emplace_back("broken");
                return all;
            }
            if (!*r) break;
            std::string text;
            print(text, **r);
            std::string copied;
            print(copied, redis::reply{**r}.view());
            must(copied == text, "a copy is the same");
            all.push_back(std::move(text));
        }
    }
    return all;
}

}  // namespace

void resp(std::string_view bytes)
{
    auto const whole = replies_in(bytes, bytes.size());
    must(replies_in(bytes, 1) == whole, "byte by byte it is the same");
}

}  // namespace notify::fuzz
