// SPDX-License-Identifier: MIT
#include "wire/event_stream.hpp"

#include "base/random.hpp"
#include "http/http_connection.hpp"
#include "wire/page_access.hpp"

#include <exception>
#include <utility>

namespace notify {

namespace {

// After how many milliseconds a browser comes back. Not all at once: when a gateway is replaced,
// all of its clients do.
unsigned return_after() { return 1'000 + random_below(2'000); }

}  // namespace

event_stream::event_stream(http_connection& c, options o)
    : streamed_answer{c, o.limit}, options_{std::move(o)}
{
}

// A proxy that buffers would keep events back; X-Accel-Buffering is Nginx's word for that.
std::string event_stream::begin_if_silent()
{
    if (!is_silent()) return {};
    auto opening = encode_opening(form(), return_after());
    http_response head = make_answer(http_status::ok, media_type_of(form()), "");
    head.set("X-Accel-Buffering", "no");
    begin(readable(std::move(head), std::exchange(options_.reader, {})));
    connection().context().clock.arm(*this, options_.heartbeat);
    return opening;
}

void event_stream::send(frame const& block)
{
    std::string const opening = begin_if_silent();
    std::string_view const bytes = block.packet();
    std::string_view const id = token_.empty() ? std::string_view{} : id_in(form(), bytes);
    if (id.empty()) {
        append({opening, bytes});
        return;
    }
    newest_ = id;
    auto const end = static_cast<std::size_t>(id.data() + id.size() - bytes.data());
    append({opening, bytes.substr(0, end), ".", token_, bytes.substr(end)});
}

void event_stream::send(std::string_view name, std::optional<position> const& where,
                        std::string_view data)
{
    std::string const opening = begin_if_silent();
    if (where) newest_ = to_text(*where);
    std::string id;
    if (!token_.empty())
        id = newest_ + "." + token_;
    else if (where)
        id = newest_;
    append({opening, encode_block(form(), {name, id, data}).packet()});
}

void event_stream::refuse(stream_refusal const& why)
{
    if (is_silent()) return answer(readable(answer_of(why), options_.reader));
    if (!goes_on()) return;
    send("internal", std::nullopt, body_of(why));
    end();
}

// Without memory the client gets its heartbeat later.
void event_stream::on_timer(time_ms) noexcept
{
    try {
        on_heartbeat();
        append(encode_heartbeat(form(), token_.empty() ? "" : newest_ + "." + token_));
    } catch (std::exception const&) {
    }
    if (goes_on()) connection().context().clock.arm(*this, options_.heartbeat);
}

}  // namespace notify
