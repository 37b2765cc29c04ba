// SPDX-License-Identifier: MIT
//
// The Redis protocol (RESP 2) by way of hiredis, which is used as a codec only:
// bytes in, replies out; no socket. The one file that knows hiredis is resp.cpp.
//
// A reply is kept as a flat list of nodes in the order in which they were read
// (an array before its elements) and one piece of text. The reader reuses both:
// a reply costs its nodes and a memcpy, no allocation.
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

// Appends one command, each argument as a bulk string.
void append_command(std::string& out, std::span<std::string_view const> args);
void append_command(std::string& out, std::initializer_list<std::string_view> args);

enum class reply_type : std::uint8_t { string, status, error, integer, nil, array };

namespace detail {

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

// Looks at a reply or at one element of it. A cheap value; valid as long as what
// it looks into: until the next call of reply_reader::next(), or while the reply lives.
class reply_view {
public:
    class iterator;

    [[nodiscard]] reply_type type() const { return node().type; }
    [[nodiscard]] bool is_array() const { return type() == reply_type::array; }
    [[nodiscard]] bool is_error() const { return type() == reply_type::error; }
    [[nodiscard]] bool is_integer() const { return type() == reply_type::integer; }
    [[nodiscard]] bool is_nil() const { return type() == reply_type::nil; }
    [[nodiscard]] bool is_text() const { return type() <= reply_type::error; }

    // The text of a string, a status or an error; of anything else, nothing.
    [[nodiscard]] std::string_view text() const;

    // The value of an integer; of anything else, 0.
    [[nodiscard]] std::int64_t integer() const { return is_integer() ? node().value : 0; }

    // How many elements an array has; anything else has none.
    [[nodiscard]] std::size_t size() const { return is_array() ? node().size : 0; }

    // REQUIRES: i < size(). Walks over the elements before it: in a long array, iterate.
    [[nodiscard]] reply_view operator[](std::size_t i) const;
    [[nodiscard]] iterator begin() const;
    [[nodiscard]] iterator end() const;

private:
    friend class reply;
    friend class reply_reader;

    reply_view(detail::reply_nodes const& all, std::size_t at) : all_{&all}, at_{at} {}
    [[nodiscard]] detail::reply_node const& node() const { return all_->nodes[at_]; }
    [[nodiscard]] std::size_t after() const;  // the node that follows this one's last element

    detail::reply_nodes const* all_;
    std::size_t at_;
};

// Goes over the elements of an array, once, forward.
class reply_view::iterator {
public:
    reply_view operator*() const { return at_; }
    iterator& operator++();
    bool operator==(iterator const& other) const { return left_ == other.left_; }

private:
    friend class reply_view;
    iterator(reply_view at, std::size_t left) : at_{at}, left_{left} {}

    reply_view at_;
    std::size_t left_;  // elements from here to the end
};

// What an error says, in quotes, for people. Where Redis repeats the arguments of
// a command that it does not know, these are left out: they may be secrets.
[[nodiscard]] std::string quoted_error(reply_view r);

// A reply of one's own, for those who keep it.
class reply {
public:
    reply() : all_{{{reply_type::nil, 0, 0}}, {}} {}
    explicit reply(reply_view v);

    [[nodiscard]] reply_view view() const { return {all_, 0}; }

private:
    detail::reply_nodes all_;
};

// Makes replies of bytes. Nothing that a server sends makes it crash or grow
// past the limit: a reply has at most 8 levels, a million elements and `limit` bytes.
class reply_reader {
public:
    static constexpr std::size_t default_limit = 64u << 20;

    // limit: bytes of one reply, finished or not. max_payload: of a message on a
    // channel; a larger one is passed over, whatever its size: only its head is told.
    explicit reply_reader(std::size_t limit = default_limit,
                          std::size_t max_payload = default_limit);
    ~reply_reader();
    reply_reader(reply_reader const&) = delete;
    reply_reader& operator=(reply_reader const&) = delete;

    // Hands over what was read. The bytes stay the caller's and must stay valid
    // until next() has returned nothing. REQUIRES: it has, for the bytes before.
    void feed(std::string_view bytes) { input_ = bytes; }

    // Returns the next reply, or nothing when more bytes are needed, or what is
    // wrong with what the server sent; from then on it returns that error for ever.
    [[nodiscard]] result<std::optional<reply_view>> next();

    // The same, if it is a message on a channel and comes in the usual form: at
    // a tenth of the cost, and valid as long as the bytes. Nothing says nothing:
    // next() is to be asked. What has more than max_payload bytes is told as soon as
    // it begins, without its payload, unless its head is cut at the end of the bytes.
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
    std::size_t passing_over_ = 0;  // bytes of a payload that are still to come
    std::unique_ptr<redisReader, free_reader> reader_;
    std::string_view input_;         // fed, but not yet given to hiredis
    std::size_t taken_ = 0;          // bytes given to hiredis since the last reply
    bool told_ = false;              // all_ holds a reply that was returned
    std::string broken_;             // why it cannot go on
    char const* refused_ = nullptr;  // why a hook has told hiredis to stop
    detail::reply_nodes all_;
};

}  // namespace notify::redis
