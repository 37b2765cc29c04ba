// SPDX-License-Identifier: MIT
#include "wire/stream_request.hpp"

#include "base/form.hpp"
#include "base/quoted.hpp"
#include "contract/event_id.hpp"
#include "http/accept.hpp"
#include "http/field_value.hpp"

#include <boost/beast/core/string.hpp>

#include <fmt/format.h>

#include <utility>

namespace notify {

namespace {

stream_refusal refused(http_status status, std::string_view code, std::string message)
{
    return {status, code, std::move(message)};
}

// Returns the form that the client likes best; nothing if it takes none.
std::optional<stream_form> form_in(std::string_view accept)
{
    int const sent = quality_of(media_type_of(stream_form::server_sent), accept);
    int const lines = quality_of(media_type_of(stream_form::ndjson), accept);
    if (sent == 0 && lines == 0) return std::nullopt;
    return lines > sent ? stream_form::ndjson : stream_form::server_sent;
}

// The fields of the query that count.
struct stream_fields {
    std::optional<std::string> last_event_id, since, recovery, uuid;

    explicit stream_fields(std::string_view query)
    {
        form_reader reader{query};
        while (auto field = reader.next()) {
            auto const place = place_of(field->first);
            if (place && !*place) *place = std::move(field->second);
        }
    }

private:
    std::optional<std::string>* place_of(std::string_view name)
    {
        if (name == "last_event_id") return &last_event_id;
        if (name == "since") return &since;
        if (name == "recovery") return &recovery;
        if (name == "uuid") return &uuid;
        return nullptr;
    }
};

bool says_something(std::optional<std::string> const& field) { return field && !field->empty(); }

// Returns the uuid in `Bearer <uuid>` (RFC 6750 section 2.1). Nothing for another scheme.
std::optional<std::string> bearer_in(std::string_view authorization)
{
    constexpr std::string_view scheme = "Bearer";
    std::string_view const said = authorization.substr(0, authorization.find(' '));
    if (!boost::beast::iequals(said, scheme)) return std::nullopt;
    return std::string{trimmed(authorization.substr(said.size()))};
}

stream_refusal bad_position(std::string_view where, std::string_view text,
                            std::string_view expected)
{
    return refused(http_status::bad_request, "BAD_POSITION",
                   fmt::format("{} is {}: expected {}", where, in_quotes(text), expected));
}

// Returns what is wrong with the start, and fills in the request otherwise.
std::optional<stream_refusal> read_start(stream_request& r, stream_question const& q,
                                         stream_fields const& said, std::uint64_t now)
{
    bool const in_header = !q.last_event_id.empty();
    if (in_header || says_something(said.last_event_id)) {
        std::string_view const text = in_header ? q.last_event_id : *said.last_event_id;
        auto id = parse_event_id(text);
        // Without its token, which is a secret.
        if (!id)
            return bad_position(in_header ? "Last-Event-ID" : "last_event_id",
                                text.substr(0, text.find('.')),
                                "the id of an event of this stream");
        r.from = log_start::after(id->where);
        r.token = std::move(id->token);
    } else if (says_something(said.since)) {
        auto const from = parse_log_start(*said.since, now);
        if (!from)
            return bad_position("since", *said.since,
                                "all, latest, the id of a notification, or a time such as 10m");
        r.from = *from;
    }
    return std::nullopt;
}

}  // namespace

boost::system::result<stream_request, stream_refusal> read_stream_request(stream_question const& q,
                                                                          std::uint64_t now)
{
    stream_request r;
    auto const form = form_in(q.accept);
    if (!form)
        return refused(http_status::not_acceptable, "NOT_ACCEPTABLE",
                       "events come as text/event-stream or application/x-ndjson");
    r.form = *form;
    stream_fields said{q.query};
    if (auto why = read_start(r, q, said, now)) return std::move(*why);
    if (r.token.empty() && says_something(said.recovery)) r.token = std::move(*said.recovery);
    if (!r.token.empty()) return r;
    r.uuid = bearer_in(q.authorization);
    if (!r.uuid) r.uuid = std::move(said.uuid);
    if (!r.uuid && !q.names_user)
        return refused(http_status::unauthorized, "NO_IDENTITY",
                       "say who you are: by cookies, ?uuid=… or Authorization: Bearer <uuid>");
    return r;
}

}  // namespace notify
