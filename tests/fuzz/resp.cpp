// SPDX-License-Identifier: MIT
#include "redis/resp.hpp"

#include "fuzz/targets.hpp"

#include <optional>
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

// As print() has the same as a reply.
std::string printed(redis::push_message const& m)
{
    std::string out = std::to_string(static_cast<int>(redis::reply_type::array)) + " 0 3 \n";
    for (std::string_view const text : {std::string_view{"message"}, m.channel, m.payload})
        out += std::to_string(static_cast<int>(redis::reply_type::string)) + " 0 0 " +
               std::string{text} + '\n';
    return out;
}

// All replies of what comes in pieces of this size, and whether it went wrong;
// messages in the way of a subscriber, or as any reply.
std::vector<std::string> replies_in(std::string_view bytes, std::size_t piece, bool subscriber)
{
    std::vector<std::string> all;
    redis::reply_reader reader{1'000'000};
    while (!bytes.empty()) {
        auto const part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        reader.feed(part);
        for (;;) {
            while (auto const m = subscriber ? reader.next_message() : std::nullopt)
                all.push_back(printed(*m));
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
    auto const whole = replies_in(bytes, bytes.size(), false);
    must(replies_in(bytes, 1, false) == whole, "byte by byte it is the same");
    must(replies_in(bytes, bytes.size(), true) == whole, "to a subscriber it is the same");
    must(replies_in(bytes, 7, true) == whole, "to a subscriber in pieces, too");
}

}  // namespace notify::fuzz
