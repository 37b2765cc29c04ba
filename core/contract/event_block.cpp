// SPDX-License-Identifier: MIT
#include "contract/event_block.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace notify {

namespace {

constexpr std::string_view before_sent_id = "id: ";
constexpr std::string_view before_json_id = R"({"id":")";

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Returns data on one line: itself, nearly always, or a copy in storage.
std::string_view in_one_line(std::string_view data, std::string& storage)
{
    if (std::none_of(data.begin(), data.end(), is_line_end)) return data;
    storage = data;
    std::replace_if(storage.begin(), storage.end(), is_line_end, ' ');
    return storage;
}

}  // namespace

std::string_view media_type_of(stream_form form)
{
    return form == stream_form::server_sent ? "text/event-stream" : "application/x-ndjson";
}

frame encode_block(stream_form form, stream_event const& e)
{
    std::string storage;
    std::string_view const data = in_one_line(e.data, storage);
    bool const has_id = !e.id.empty();
    if (form == stream_form::server_sent)
        return frame::text({has_id ? before_sent_id : "", e.id, has_id ? "\n" : "",
                            "event: ", e.name, "\ndata: ", data, "\n\n"});
    return frame::text({has_id ? before_json_id : "{", e.id, has_id ? R"(",)" : "", R"("event":")",
                        e.name, R"(","data":)", data, "}\n"});
}

std::string_view id_in(stream_form form, std::string_view block)
{
    bool const is_sent = form == stream_form::server_sent;
    std::string_view const before = is_sent ? before_sent_id : before_json_id;
    if (!block.starts_with(before)) return {};
    block.remove_prefix(before.size());
    return block.substr(0, block.find(is_sent ? '\n' : '"'));
}

// An id without data is no event, but the browser remembers it (HTML, "dispatch the event"). A line
// that begins with a colon is a comment.
std::string encode_heartbeat(stream_form form, std::string_view id)
{
    if (form == stream_form::server_sent)
        return id.empty() ? ":\n\n" : fmt::format("{}{}\n\n", before_sent_id, id);
    if (id.empty()) return "{\"event\":\"heartbeat\"}\n";
    return fmt::format("{}{}\",\"event\":\"heartbeat\"}}\n", before_json_id, id);
}

std::string encode_opening(stream_form form, unsigned retry)
{
    return form == stream_form::server_sent ? fmt::format("retry: {}\n", retry) : std::string{};
}

}  // namespace notify
