// SPDX-License-Identifier: MIT
//
// What is to be sent, and to whom. All rows are read and checked before the first one is sent, so
// that a mistake in the input does not leave half of the users without their message.
#pragma once

#include "base/result.hpp"
#include "contract/user_id.hpp"
#include "publish/notification_draft.hpp"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

inline constexpr std::size_t told_in_words = 10;    // faulty rows that get a sentence
inline constexpr std::size_t max_input = 1u << 30;  // bytes of all rows, which are held in memory

// What may be a message: UTF-8 of at most max_bytes. One that is not stored does not begin with
// 0x1E, the mark of those that are.
struct message_rules {
    static constexpr std::int64_t default_max = 1 << 20;
    static constexpr std::int64_t most_max = 32 << 20;  // a gateway reads 64 MiB at most

    std::size_t max_bytes = default_max;
    bool must_be_json = false;
    bool skip_empty = false;  // leaves out empty messages
    bool live = false;        // it is published as it is, and not stored
};

// What a user is sent.
struct payload {
    // For Redis: a JSON object, or the message itself (--live); shared by all who get the same.
    std::shared_ptr<std::string const> text;
    std::size_t bytes = 0;  // of the message
    std::string id;         // idempotency; "" if it has none
};

struct row {
    std::size_t number;  // from 1: the line of the input
    user_id user;
    payload what;
};

// Returns why text cannot be a message, or success.
[[nodiscard]] result<void> check_message(std::string_view text, message_rules const& rules);

// The faulty rows of an input. The first told_in_words have a sentence in complaints.
struct faulty_rows {
    std::vector<std::string> complaints;
    std::size_t count = 0;

    void add(std::string_view where, std::size_t number, std::string_view why);
};

// Returns why id cannot be an idempotency id, or success.
[[nodiscard]] result<void> check_id(std::string_view id);

// Returns the text to send for a message and its fields. The error says what is wrong.
[[nodiscard]] result<std::string> text_of(notification_draft const& draft,
                                          message_rules const& rules);

// Reads a user id from each line, and skips empty lines. name is that of the file, for faults. All
// are sent the same.
[[nodiscard]] std::vector<row> read_users(std::istream& in, std::string_view name,
                                          payload const& what, faulty_rows& faults);

// The rows to send, and how many were left out because their message is empty.
struct kept_rows {
    std::vector<row> rows;
    std::size_t skipped = 0;
};

// Reads {"user":…,"message":…} from each line. The message is a string or, if rules.must_be_json,
// any JSON value, which is sent as JSON. Unless it is live, a row may have the fields of a
// notification too, and an id; those that it lacks are as in common.
[[nodiscard]] kept_rows read_ndjson(std::istream& in, message_rules const& rules,
                                    notification_draft const& common, faulty_rows& faults);

// Keeps the first row of each user.
void drop_repeated(std::vector<row>& rows);

}  // namespace notify
