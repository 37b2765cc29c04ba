// SPDX-License-Identifier: MIT
#include "http/streamed_answer.hpp"

#include "http/http_connection.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>

namespace notify {

streamed_answer::streamed_answer(http_connection& c, std::size_t limit)
    : connection_{c}, limit_{limit}, is_chunked_{c.request().version() >= 11}
{
    c.context().streams.push_back(*this);
    ++c.context().stream_count;
}

void streamed_answer::leave_list()
{
    if (!is_linked()) return;
    unlink();
    --connection_.context().stream_count;
}

std::size_t streamed_answer::unsent() const { return connection_.unsent(); }

void streamed_answer::begin(http_response head)
{
    state_ = state::goes_on;
    connection_.begin_stream(std::move(head), is_chunked_);
}

void streamed_answer::answer(http_response whole)
{
    leave_list();
    state_ = state::whole;
    connection_.begin_answer(std::move(whole));
    connection_.wake();
}

// Puts the pieces together, so that they are one chunk and one system call. The limit is checked
// after the kernel has had its chance, so a client that reads may be sent any amount.
bool streamed_answer::append(std::initializer_list<std::string_view> pieces)
{
    if (state_ != state::goes_on) return false;
    std::size_t size = 0;
    for (std::string_view const piece : pieces) size += piece.size();
    if (size == 0) return true;  // an empty chunk would be the last
    std::string bytes;
    bytes.reserve(size + 20);  // of a chunk's length and line ends
    if (is_chunked_) fmt::format_to(std::back_inserter(bytes), "{:x}\r\n", size);
    for (std::string_view const piece : pieces) bytes += piece;
    if (is_chunked_) bytes += "\r\n";
    connection_.continue_stream(bytes);
    if (connection_.unsent() <= limit_) return true;
    connection_.context().refused.add(http_refusal::answer_timeout);
    cut();
    return false;
}

void streamed_answer::end()
{
    if (state_ == state::silent) return cut();
    if (state_ != state::goes_on) return;
    leave_list();
    state_ = state::whole;
    if (is_chunked_) connection_.continue_stream("0\r\n\r\n");
    connection_.wake();
}

void streamed_answer::cut()
{
    if (state_ == state::whole || state_ == state::cut) return;
    leave_list();
    state_ = state::cut;
    connection_.cancel();
}

// Asked after wake(), and when the shard stops, which is the moment to end a stream that would
// otherwise go on.
bool streamed_answer::try_answer(http_connection& c)
{
    if (c.context().stopping) end();
    return state_ == state::whole;
}

}  // namespace notify
