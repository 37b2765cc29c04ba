// SPDX-License-Identifier: MIT
#include "protocol/socket_packet.hpp"

#include "fuzz/targets.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace notify::fuzz {

// A packet up to the first line feed, then attachments, each up to the next. What
// was understood must be understood again from what is written of it.
void socket_packet(std::string_view bytes)
{
    auto const take_line = [&bytes] {
        std::string_view const line = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        return line;
    };
    auto const p = sio::parse_packet(take_line());
    if (!p) return;
    must(p->attachments <= sio::max_attachments, "attachments are limited");
    auto data = sio::parse_data(*p);
    if (!data) return;

    std::vector<std::string> attachments;
    while (attachments.size() < p->attachments) attachments.emplace_back(take_line());
    if (!sio::put_attachments(*data, attachments)) return;

    json const whole = *data;
    auto const taken = sio::take_attachments(*data);
    if (taken.size() != attachments.size()) return;  // one of them had no place
    std::string text = sio::begin_packet(p->type, p->ns, p->id, taken.size()).substr(1);
    if (!data->is_null()) text += to_text(*data);
    auto const q = sio::parse_packet(text);
    must(q && q->type == p->type && q->ns == p->ns && q->id == p->id, "what was written is read");
    auto again = sio::parse_data(*q);
    must(again && sio::put_attachments(*again, taken), "with its attachments");
    must(*again == whole, "and is what it was");
}

}  // namespace notify::fuzz
