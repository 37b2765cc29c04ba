// SPDX-License-Identifier: MIT
#include "protocol/socket_packet.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace notify::sio {

namespace {

// Takes a decimal number from the front of text. Returns nothing, and takes nothing, if there is
// none, or if it does not fit Number.
template <class Number>
std::optional<Number> take_number(std::string_view& text)
{
    Number n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return n;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_binary(packet_type type)
{
    return type == packet_type::binary_event || type == packet_type::binary_ack;
}

// True for the names of events that a peer may not send. The library raises these itself: a client
// that could send "disconnect" would make an application believe it.
bool is_reserved(std::string_view name)
{
    static constexpr std::array<std::string_view, 6> names{
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The reference parser takes a number for a name, too.
bool is_event(json const& data)
{
    if (!data.is_array() || data.empty()) return false;
    json const& name = data.front();
    if (name.is_number()) return true;
    return name.is_string() && !is_reserved(name.get_ref<std::string const&>());
}

// Returns a placeholder's number, which may be of any type and is null if it is missing; nullptr if
// value is no placeholder.
json const* placeholder(json const& value)
{
    if (!value.is_object()) return nullptr;
    auto const mark = value.find("_placeholder");
    if (mark == value.end() || *mark != true) return nullptr;
    static json const missing;
    auto const num = value.find("num");
    return num == value.end() ? &missing : &*num;
}

}  // namespace

// The parts have no names and are told apart by their first characters, so each is looked for in
// its place and nowhere else. A number at the head of data is therefore an id: an EVENT's data
// begins with `[`, a CONNECT's with `{`.
std::optional<packet> parse_packet(std::string_view text)
{
    packet p;
    // 1. type
    if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
    p.type = static_cast<packet_type>(text.front() - '0');
    text.remove_prefix(1);
    // 2. number of attachments
    if (is_binary(p.type)) {
        auto const n = take_number<std::size_t>(text);
        if (!n || *n < 1 || *n > max_attachments || !text.starts_with('-')) return std::nullopt;
        p.attachments = *n;
        text.remove_prefix(1);
    }
    // 3. namespace
    if (text.starts_with('/')) {
        std::size_t const comma = std::min(text.find(','), text.size());
        p.ns = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    // 4. ack id
    if (!text.empty() && is_digit(text.front())) {
        p.id = take_number<std::uint64_t>(text);
        if (!p.id) return std::nullopt;
    }
    // 5. data
    p.data = text;
    return p;
}

// A CONNECT without data is usual, and so is a DISCONNECT; any other packet has some. What fits a
// type is what the reference parser accepts; the depth is limited besides.
std::optional<json> parse_data(packet const& p)
{
    if (p.data.empty()) {
        if (p.type == packet_type::connect || p.type == packet_type::disconnect) return json{};
        return std::nullopt;
    }
    auto data = parse_json(p.data);
    if (!data) return std::nullopt;
    bool fits = false;
    switch (p.type) {
    case packet_type::connect: fits = data->is_object(); break;
    case packet_type::disconnect: fits = false; break;
    case packet_type::event:
    case packet_type::binary_event: fits = is_event(*data); break;
    case packet_type::ack:
    case packet_type::binary_ack: fits = data->is_array(); break;
    case packet_type::connect_error: fits = data->is_object() || data->is_string(); break;
    }
    if (!fits) return std::nullopt;
    return std::optional<json>{std::in_place, std::move(*data)};
}

bool put_attachments(json& data, std::vector<std::string> const& attachments)
{
    // An attachment goes to one place only. A thousand placeholders for the same megabyte would
    // otherwise become a gigabyte. Its recursion is bounded by max_json_depth.
    // The lambda is given itself, since before C++23 it has no name of its own.
    std::vector<bool> used(attachments.size());
    auto const put = [&attachments, &used](auto const& self, json& value) -> bool {
        if (json const* num = placeholder(value)) {
            if (!num->is_number_unsigned()) return false;
            auto const i = num->get<std::uint64_t>();
            if (i >= attachments.size() || used[i]) return false;
            used[i] = true;
            value = json::binary({attachments[i].begin(), attachments[i].end()});
            return true;
        }
        if (!value.is_structured()) return true;
        return std::all_of(value.begin(), value.end(),
                           [&self](json& child) { return self(self, child); });
    };
    return put(put, data);
}

// They are numbered in the order in which they stand: the messages that follow bear no number, and
// their order is all that tells the other side which is which.
std::vector<std::string> take_attachments(json& data)
{
    std::vector<std::string> attachments;
    auto const take = [&attachments](auto const& self, json& value) -> void {
        if (value.is_binary()) {
            auto const& bytes = value.get_binary();
            attachments.emplace_back(bytes.begin(), bytes.end());
            value = json{{"_placeholder", true}, {"num", attachments.size() - 1}};
        } else if (value.is_structured()) {
            for (json& child : value) self(self, child);
        }
    };
    take(take, data);
    return attachments;
}

std::string begin_packet(packet_type type, std::string_view ns, std::optional<std::uint64_t> id,
                         std::size_t attachments)
{
    std::string out{'4', static_cast<char>('0' + static_cast<int>(type))};
    if (is_binary(type)) fmt::format_to(std::back_inserter(out), "{}-", attachments);
    if (ns != "/") {
        out += ns;
        out += ',';
    }
    if (id) fmt::format_to(std::back_inserter(out), "{}", *id);
    return out;
}

}  // namespace notify::sio
