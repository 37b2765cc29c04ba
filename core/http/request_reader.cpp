// SPDX-License-Identifier: MIT
#include "http/request_reader.hpp"

#include "http/bounded_read.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace notify {

namespace {

namespace http = boost::beast::http;
using boost::beast::flat_buffer;

// What one client may have sent ahead, beyond the head that is being served. Bounds what a
// connection that waits with a GET can be made to keep.
constexpr std::size_t max_pipelined = 64 * 1024;

// True if ec says that what came is not acceptable HTTP; otherwise the client merely went. Beast
// has both in one category, so its two words for the end are excepted.
bool is_fault(error_code ec)
{
    return ec.category() == make_error_code(http::error::bad_method).category() &&
           ec != http::error::end_of_stream && ec != http::error::partial_message;
}

// True if the request line, with which unread begins, ends as one of HTTP does: ` HTTP/2.0`. Beast
// has one error for a wrong version and for a line that is not HTTP at all, and clients are told
// which it was.
bool names_http_version(flat_buffer const& unread)
{
    std::string_view line{static_cast<char const*>(unread.data().data()), unread.size()};
    line = line.substr(0, line.find("\r\n"));
    constexpr std::string_view form = " HTTP/9.9";
    if (line.size() < form.size()) return false;
    std::string_view const end = line.substr(line.size() - form.size());
    auto const fits = [](char f, char c) { return f == '9' ? c >= '0' && c <= '9' : c == f; };
    return std::equal(form.begin(), form.end(), end.begin(), fits);
}

}  // namespace

request_reader::request_reader(std::unique_ptr<request_parser> request, flat_buffer buffer,
                               std::size_t max_head)
    : buffer_{std::move(buffer)}, parser_{std::move(request)}
{
    buffer_.max_size(max_head + max_pipelined);
}

ssize_t request_reader::receive(late_socket& socket)
{
    ssize_t const n = socket.try_receive(next_piece(buffer_));
    if (n > 0) buffer_.commit(static_cast<std::size_t>(n));
    return n;
}

bool request_reader::receive_ahead(late_socket& socket)
{
    // The buffer is larger by a head, so below this bound there is room for another piece.
    if (buffer_.size() >= max_pipelined) return false;
    ssize_t const n = receive(socket);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

net::awaitable<error_code> request_reader::read_head(late_socket& socket, std::size_t max_head)
{
    parser_ = std::make_unique<request_parser>();
    parser_->body_limit(boost::none);  // read_body() has the limit
    return notify::read_head(socket, buffer_, *parser_, max_head);
}

net::awaitable<error_code> request_reader::read_body(late_socket& socket, std::size_t limit)
{
    parser_->body_limit(limit);
    return notify::read_body(socket, buffer_, *parser_);
}

std::optional<http_refusal> request_reader::fault(error_code ec) const
{
    if (!is_fault(ec)) return std::nullopt;
    if (ec == http::error::header_limit) return http_refusal::head_too_large;
    if (ec == http::error::body_limit) return http_refusal::body_too_large;
    if (ec == http::error::bad_version && names_http_version(buffer_))
        return http_refusal::bad_version;
    return http_refusal::malformed;
}

bool request_reader::announces_more_than(std::size_t limit) const
{
    auto const length = parser_->content_length();
    return length && *length > limit;
}

}  // namespace notify
