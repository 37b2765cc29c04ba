// SPDX-License-Identifier: MIT
#include "protocol/engine_payload.hpp"

#include "fuzz/targets.hpp"

#include <string>
#include <utility>
#include <vector>

namespace notify::fuzz {

namespace {

using packets = std::vector<std::pair<bool, std::string>>;  // is_binary, type digit and data

// All packets of a body, or nothing if one is malformed.
std::optional<packets> read(std::string_view body, eio::payload_form form)
{
    packets all;
    for (eio::payload_reader reader{body, form}; !reader.done();) {
        auto const p = reader.next();
        if (!p) return std::nullopt;
        std::string text =
            p->is_binary ? "" : std::string(1, static_cast<char>('0' + static_cast<int>(p->type)));
        all.emplace_back(p->is_binary, text += p->data);
    }
    return all;
}

}  // namespace

// The first byte chooses the form, the rest is the body. What was read must be
// read again from what is written of it.
void engine_payload(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const form = static_cast<eio::payload_form>(static_cast<unsigned char>(bytes[0]) % 3);
    auto const all = read(bytes.substr(1), form);
    if (!all) return;
    eio::dialect const d{static_cast<std::uint8_t>(form == eio::payload_form::separated ? 4 : 3),
                         form != eio::payload_form::binary};
    eio::payload_writer writer{form};
    for (auto const& [is_binary, packet] : *all)
        if (is_binary)
            writer.add(in_dialect(frame::binary(packet), d));
        else
            writer.add(packet);
    must(all->empty() == writer.empty(), "a body without packets is empty");
    if (!all->empty()) must(read(writer.take(), form) == all, "what was written is read again");
}

}  // namespace notify::fuzz
