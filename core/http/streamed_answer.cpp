// SPDX-License-Identifier: MIT
#include "http/streamed_answer.hpp"

#include "base/give_back.hpp"
#include "http/http_connection.hpp"

#include <fmt/format.h>

#include <exception>
#include <string>
#include <utility>

namespace notify {

namespace {

// Bytes that wait for the end of the turn at most.
constexpr std::size_t flush_at = 64 * 1024;

}  // namespace

streamed_answer::streamed_answer(http_connection& c, std::size_t limit)
    : connection_{c}, limit_{limit}, is_chunked_{c.request().version() >= 11}
{
    c.context().streams.push_back(*this);
    ++c.context().stream_count;
}

void streamed_answer::leave_list()
{
    if (!listed_stream::is_linked()) return;
    listed_stream::unlink();
    --connection_.context().stream_count;
}

std::size_t streamed_answer::unsent() const { return connection_.unsent() + pending_.size(); }

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

// While the kernel takes what comes, bytes wait for the end of the turn, up to flush_at. Once it
// does not, there is nothing to be gained by that.
bool streamed_answer::append(std::initializer_list<std::string_view> pieces)
{
    if (state_ != state::goes_on) return false;
    std::size_t const before = pending_.size();
    try {
        for (std::string_view const piece : pieces) pending_ += piece;
    } catch (std::exception const&) {
        pending_.resize(before);
        throw;
    }
    if (connection_.unsent() > 0 || pending_.size() >= flush_at) return send_pending();
    if (!pending_.empty()) connection_.context().stream_flushes.add(*this);
    return true;
}

// As one chunk, since an empty one would be the last. The limit is checked after the kernel has had
// its chance, so a client that reads may be sent any amount.
bool streamed_answer::send_pending()
{
    if (pending_.empty()) return true;
    if (is_chunked_)
        connection_.continue_stream(fmt::format("{:x}\r\n{}\r\n", pending_.size(), pending_));
    else
        connection_.continue_stream(pending_);
    give_back(pending_);
    if (connection_.unsent() <= limit_) return true;
    connection_.context().refused.add(http_refusal::answer_timeout);
    cut();
    return false;
}

// Without memory the client is behind for good: it comes back for the rest.
void streamed_answer::flush() noexcept
{
    try {
        send_pending();
    } catch (std::exception const&) {
        cut();
    }
}

void streamed_answer::end()
{
    if (state_ == state::silent) return cut();
    if (state_ != state::goes_on) return;
    send_pending();
    if (state_ != state::goes_on) return;  // that was too much
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
    give_back(pending_);
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
