// SPDX-License-Identifier: MIT
#include "protocol/engine_payload.hpp"

#include "base/base64.hpp"

namespace notify::eio {

namespace {

constexpr char separator = '\x1e';

}  // namespace

std::optional<packet> payload_reader::next()
{
    std::size_t const end = rest_.find(separator);
    std::string_view const text = rest_.substr(0, end);
    done_ = end == rest_.npos;
    rest_.remove_prefix(done_ ? rest_.size() : end + 1);
    return parse_packet(text, decoded_);
}

void append_to_payload(std::string& body, frame const& f)
{
    if (!body.empty()) body += separator;
    if (f.is_binary()) {
        body += 'b';
        append_base64(body, f.packet());
    } else {
        body += f.packet();
    }
}

}  // namespace notify::eio
