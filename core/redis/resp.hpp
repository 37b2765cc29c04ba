// SPDX-License-Identifier: MIT
//
// The Redis protocol, RESP 2, on top of hiredis, which is used as a codec only: bytes in, replies
// out, no socket. resp.cpp is the one file that includes hiredis.
//
// A reply is a flat list of nodes in the order in which they were read (an array before its
// elements) and one string with all texts. `*2 $1 a :7` becomes
//
//     nodes: array(2), string(1 byte, at 0), integer(7)      text: "a"
//
// The reader reuses both for the next reply, so a reply costs a memcpy and no allocation. hiredis'
// own replies would cost an allocation per element.
//
// Used by redis_link; the views go up to redis_client, redis_broker and their users. Objects belong
// to one thread.
#pragma once

#include "base/result.hpp"
#include "redis/push_message.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace notify::redis {

// Appends one command to out, each argument as a bulk string. Arguments may hold any bytes. Throws
// std::bad_alloc, after which out may end with a part of the command: it must not be sent.
void append_command(std::string& out, std::span<std::string_view const> args);
void append_command(std::string& out, std::initializer_list<std::string_view> args);

// The kinds of RESP 2. The three that have text come first (see is_text()).
enum class reply_type : std::uint8_t { string, status, error, integer, nil, array };

namespace detail {

// One reply, or one element of an array. 16 bytes.
struct reply_node {
    reply_type type;
    std::uint32_t size;  // array: elements; text: bytes
    std::int64_t value;  // integer: itself; text: where it begins in the text
};

struct reply_nodes {
    std::vector<reply_node> nodes;
    std::string text;
};

}  // namespace detail

// Looks at a reply, or at one element of it. Two words, passed by value. Valid as long as what it
// looks into: until the next call of reply_reader::next(), or while the owning reply lives.
class reply_view {
public:
    class iterator;

    [[nodiscard]] reply_type type() const { return node().type; }
    [[nodiscard]] bool is_array() const { return type() == reply_type::array; }
    [[nodiscard]] bool is_error() const { return type() == reply_type::error; }
    [[nodiscard]] bool is_integer() const { return type() == reply_type::integer; }
    [[nodiscard]] bool is_nil() const { return type() == reply_type::nil; }
    [[nodiscard]] bool is_text() const { return type() <= reply_type::error; }

    // The text of a string, a status or an error; "" for anything else.
    [[nodiscard]] std::string_view text() const;

    // The value of an integer; 0 for anything else.
    [[nodiscard]] std::int64_t integer() const { return is_integer() ? node().value : 0; }

    // The number of elements of an array; 0 for anything else. A nil array is nil.
    [[nodiscard]] std::size_t size() const { return is_array() ? node().size : 0; }

    // Returns an element. It walks over those before it, nested ones included: iterate over long
    // arrays instead. REQUIRES: i < size().
    [[nodiscard]] reply_view operator[](std::size_t i) const;
    [[nodiscard]] iterator begin() const;
    [[nodiscard]] iterator end() const;

private:
    friend class reply;
    friend class reply_reader;

    reply_view(detail::reply_nodes const& all, std::size_t at) : all_{&all}, at_{at} {}
    [[nodiscard]] detail::reply_node const& node() const { return all_->nodes[at_]; }
    [[nodiscard]] std::size_t after() const;  // index of the node behind this one's last element

    detail::reply_nodes const* all_;
    std::size_t at_;  // index of the node
};

// Goes over the elements of an array, forward. Valid as long as the view that it came from.
class reply_view::iterator {
public:
    reply_view operator*() const { return at_; }
    iterator& operator++();
    bool operator==(iterator const& other) const { return left_ == other.left_; }

private:
    friend class reply_view;
    iterator(reply_view at, std::size_t left) : at_{at}, left_{left} {}

    reply_view at_;
    std::size_t left_;  // elements from here to the end; 0 at the end
};

// Returns the text of an error in quotes, cut at 200 bytes, with control characters escaped, for
// people. Redis repeats the arguments of a command that it does not know; these are left out, since
// they may be a password or a uuid.
[[nodiscard]] std::string quoted_error(reply_view r);

// A reply that owns its memory, for those who keep it. nil if it was made from nothing.
class reply {
public:
    reply() : all_{{{reply_type::nil, 0, 0}}, {}} {}
    // Copies v with all its elements, and nothing else of what v looks into.
    explicit reply(reply_view v);

    [[nodiscard]] reply_view view() const { return {all_, 0}; }

private:
    detail::reply_nodes all_;
};

// Parses what a server sends. It trusts nothing: whatever the bytes are, it neither crashes nor
// takes more memory than its limit. A reply has at most 8 levels, 1,048,576 elements and limit
// bytes, and a line that is not a bulk string at most 64 KB.
//
//     reader.feed(bytes);
//     while there are replies: next_message() until it returns nothing, then next()
class reply_reader {
public:
    static constexpr std::size_t default_limit = 64u << 20;

    // limit: bytes of one reply, counted while it is still incomplete. max_payload: bytes of a
    // message on a channel; of a larger one only the head is told, and the payload is skipped as it
    // comes, so it takes no memory whatever its size. Throws std::bad_alloc.
    explicit reply_reader(std::size_t limit = default_limit,
                          std::size_t max_payload = default_limit);
    ~reply_reader();
    reply_reader(reply_reader const&) = delete;
    reply_reader& operator=(reply_reader const&) = delete;

    // Hands over the bytes of one read. They are not copied: they must stay valid and unchanged
    // until next() has returned nothing. REQUIRES: next() has returned nothing for the bytes
    // before.
    void feed(std::string_view bytes) { input_ = bytes; }

    // Returns the next reply; nothing if more bytes are needed; or an error that says what is wrong
    // with what the server sent. After an error it returns the same error for ever: where the next
    // reply begins cannot be known. The view is valid until the next call.
    [[nodiscard]] result<std::optional<reply_view>> next();

    // Returns the next reply if it is a message on a channel in the usual form, at a tenth of the
    // cost of next(). Returns nothing otherwise: next() is to be asked then. The views are valid as
    // long as the bytes that were fed.
    //
    // A message of more than max_payload bytes that does not end in these bytes is returned at
    // once, with an empty payload, and the rest of it is skipped. Two such messages come whole all
    // the same: one that ends in the same read, and one whose head was cut by the end of a read,
    // which next() has to put together. The hub checks the size again.
    [[nodiscard]] std::optional<push_message> next_message();

private:
    struct hooks;
    struct free_reader {
        void operator()(redisReader* r) const;
    };

    [[nodiscard]] std::size_t unread() const;
    [[nodiscard]] error broken(std::string sentence);
    void begin_reply();
    void pass_over();

    std::size_t const limit_;
    std::size_t const max_payload_;
    std::size_t passing_over_ = 0;                      // bytes of a payload that are still to come
    std::unique_ptr<redisReader, free_reader> reader_;  // holds only the reply that is incomplete
    std::string_view input_;                            // fed, but not yet given to hiredis
    std::size_t taken_ = 0;          // bytes given to hiredis since the last reply
    bool told_ = false;              // all_ holds a reply that was returned
    std::string broken_;             // why it cannot go on
    char const* refused_ = nullptr;  // why a hook has told hiredis to stop; a literal
    detail::reply_nodes all_;        // the reply that is being read, or was returned last
};

}  // namespace notify::redis
