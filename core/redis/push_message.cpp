// SPDX-License-Identifier: MIT
#include "redis/push_message.hpp"

#include <algorithm>
#include <cstddef>

namespace notify::redis {

namespace {

// A size of up to nine digits (Redis allows 512 MB) fits a 32-bit number, so that no sum of two
// sizes overflows.
constexpr std::ptrdiff_t max_digits = 9;

constexpr std::string_view message_begin = "*3\r\n$7\r\nmessage\r\n$";

// Reads from the front of some bytes. After a function has returned false, the position is
// undefined, and the object is thrown away: callers change their own view only when all has been
// read. Every notification passes through here, so it uses plain pointers and one comparison per
// byte.
class front {
public:
    explicit front(std::string_view bytes) : at_{bytes.data()}, end_{at_ + bytes.size()} {}

    [[nodiscard]] std::string_view rest() const { return {at_, end_}; }

    bool take(std::string_view expected)
    {
        if (!rest().starts_with(expected)) return false;
        at_ += expected.size();
        return true;
    }

    // Reads `<size>` CR LF. Redis writes numbers without leading zeros; anything else is not the
    // usual form.
    bool take_size(std::size_t& size)
    {
        char const* const first = at_;
        char const* const last = std::min(end_, first + max_digits);
        size = 0;
        for (unsigned digit; at_ != last && (digit = digit_at(at_)) <= 9; ++at_)
            size = size * 10 + digit;
        if (at_ == first || (*first == '0' && at_ - first > 1)) return false;
        return take_line_end();
    }

    // Reads `<size>` CR LF `<text>` CR LF.
    bool take_text(std::string_view& text)
    {
        std::size_t size = 0;
        if (!take_size(size) || static_cast<std::size_t>(end_ - at_) < size) return false;
        text = {at_, size};
        at_ += size;
        return take_line_end();
    }

private:
    // Returns 0 to 9 for a digit. A character below '0' wraps around to a large number, so that one
    // comparison checks both bounds.
    static unsigned digit_at(char const* at)
    {
        return static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
    }

    bool take_line_end()
    {
        if (end_ - at_ < 2 || at_[0] != '\r' || at_[1] != '\n') return false;
        at_ += 2;
        return true;
    }

    char const* at_;
    char const* end_;
};

bool take_channel(front& f, std::string_view& channel)
{
    return f.take(message_begin) && f.take_text(channel) && f.take("$");
}

}  // namespace

std::optional<push_message> take_push_message(std::string_view& bytes)
{
    front f{bytes};
    push_message m{};
    if (!take_channel(f, m.channel) || !f.take_text(m.payload)) return {};
    m.bytes = m.payload.size();
    bytes = f.rest();
    return m;
}

std::optional<push_message> take_large_head(std::string_view& bytes, std::size_t limit)
{
    front f{bytes};
    push_message m{};
    if (!take_channel(f, m.channel) || !f.take_size(m.bytes)) return {};
    bool const is_whole = f.rest().size() >= m.bytes + 2;
    if (m.bytes <= limit || is_whole) return {};
    bytes = f.rest();
    return m;
}

}  // namespace notify::redis
