// SPDX-License-Identifier: MIT
#include "http/streamed_answer.hpp"

#include "http/http_connection.hpp"

#include <fmt/format.h>

#include <utility>

namespace notify {

streamed_answer::streamed_answer(http_connection& c, http_response head, std::size_t limit)
    : connection_{c}, limit_{limit}, is_chunked_{c.request().version() >= 11}
{
    c.begin_stream(std::move(head), is_chunked_);
}

// The limit is checked after the kernel has had its chance, so a client that reads may be sent any
// amount.
bool streamed_answer::append(std::string_view bytes)
{
    if (state_ != state::goes_on) return false;
    if (bytes.empty()) return true;  // an empty chunk would be the last
    if (is_chunked_)
        connection_.continue_stream(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
    else
        connection_.continue_stream(bytes);
    if (connection_.unsent() <= limit_) return true;
    state_ = state::cut;
    connection_.context().refused.add(http_refusal::answer_timeout);
    connection_.cancel();
    return false;
}

void streamed_answer::end()
{
    if (state_ != state::goes_on) return;
    state_ = state::whole;
    if (is_chunked_) connection_.continue_stream("0\r\n\r\n");
    connection_.wake();
}

// Asked after wake(), and when the shard stops, which is the moment to end a stream that would
// otherwise go on.
bool streamed_answer::try_answer(http_connection& c)
{
    if (c.context().stopping) end();
    return state_ == state::whole;
}

}  // namespace notify
