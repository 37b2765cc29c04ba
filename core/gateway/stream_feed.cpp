// SPDX-License-Identifier: MIT
#include "gateway/stream_feed.hpp"

#include "base/json.hpp"
#include "contract/notification.hpp"

#include <string>

namespace notify {

stream_feed const& stream_feed::of(stream_form form)
{
    static stream_feed const server_sent{stream_form::server_sent};
    static stream_feed const ndjson{stream_form::ndjson};
    return form == stream_form::ndjson ? ndjson : server_sent;
}

frame stream_feed::encode(std::string_view payload) const
{
    std::string object = R"({"message":)";
    append_json_string(object, payload);
    object += '}';
    return encode_block(form_, {"notification", "", object});
}

frame stream_feed::encode(stored_entry const& e) const
{
    bool const is_mark = e.what == stored_entry::type::read;
    std::string const id = to_text(e.where);
    std::string const object = is_mark ? read_outcome_of(e) : object_of(e);
    return encode_block(form_, {is_mark ? "internal" : "notification", id, object});
}

}  // namespace notify
