// SPDX-License-Identifier: MIT
//
// What is to be sent, to whom: rows, all of them read and checked before the
// first one goes out.
#pragma once

#include "base/result.hpp"
#include "contract/user_id.hpp"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

inline constexpr std::size_t told_in_words = 10;    // of the rows that fail; the rest are counted
inline constexpr std::size_t max_input = 1u << 30;  // of all rows: they are held in memory

// What may be a message: UTF-8, of so many bytes, which does not begin with 0x1E. That
// byte is kept for messages that are more than a text.
struct message_rules {
    static constexpr std::int64_t default_max = 1 << 20;
    static constexpr std::int64_t most_max = 32 << 20;  // a gateway reads 64 MiB at most

    std::size_t max_bytes = default_max;
    bool must_be_json = false;
    bool skip_empty = false;  // instead of sending them
};

struct row {
    std::size_t number;  // from 1: the line of the input
    user_id user;
    std::shared_ptr<std::string const> message;  // shared by all who get the same
};

// Why text cannot be a message, or nothing.
[[nodiscard]] result<void> check_message(std::string_view text, message_rules const& rules);

// Rows of which some were not right: their complaints, the first few in words.
struct faulty_rows {
    std::vector<std::string> complaints;
    std::size_t count = 0;

    void add(std::string_view where, std::size_t number, std::string_view why);
};

// One user id a line; empty lines don't count.
[[nodiscard]] std::vector<row> read_users(std::istream& in, std::string_view name,
                                          std::shared_ptr<std::string const> const& message,
                                          faulty_rows& faults);

// What is left of rows, and how many were skipped for having an empty message.
struct kept_rows {
    std::vector<row> rows;
    std::size_t skipped = 0;
};

// {"user":…,"message":…} a line. The message is text or, if it must be JSON, any
// JSON value, which is sent as JSON.
[[nodiscard]] kept_rows read_ndjson(std::istream& in, message_rules const& rules,
                                    faulty_rows& faults);

// Drops the rows of users who have one already.
void drop_repeated(std::vector<row>& rows);

}  // namespace notify
