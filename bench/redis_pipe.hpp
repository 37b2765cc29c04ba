// SPDX-License-Identifier: MIT
//
// Sends commands to Redis, many at a time, by hiredis. Every error is thrown as std::runtime_error:
// without Redis there is nothing to measure.
#pragma once

#include <hiredis/hiredis.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace notify::bench {

class redis_pipe {
public:
    explicit redis_pipe(std::filesystem::path const& unix_socket)
        : redis_{::redisConnectUnix(unix_socket.c_str())}
    {
        if (!redis_ || redis_->err != 0) fail();
    }

    // Queues a command in hiredis' format: "SET %s %s".
    template <class... Words>
    void send(char const* command, Words... words)
    {
        if (::redisAppendCommand(redis_.get(), command, words...) != REDIS_OK) fail();
        ++due_;
    }

    // Sends what is queued, waits for the replies, and returns the text of the last.
    std::string finish()
    {
        std::string text;
        for (; due_ > 0; --due_) {
            void* taken = nullptr;
            if (::redisGetReply(redis_.get(), &taken) != REDIS_OK) fail();
            std::unique_ptr<redisReply, deleter> const reply{static_cast<redisReply*>(taken)};
            text.assign(reply->str ? reply->str : "", reply->len);
            if (reply->type == REDIS_REPLY_ERROR)
                throw std::runtime_error{"Redis refused: " + text};
        }
        return text;
    }

private:
    struct deleter {
        void operator()(redisContext* c) const { ::redisFree(c); }
        void operator()(redisReply* r) const { ::freeReplyObject(r); }
    };

    [[noreturn]] void fail() const
    {
        throw std::runtime_error{std::string{"lost Redis: "} + (redis_ ? redis_->errstr : "")};
    }

    std::unique_ptr<redisContext, deleter> redis_;
    std::size_t due_ = 0;
};

}  // namespace notify::bench
