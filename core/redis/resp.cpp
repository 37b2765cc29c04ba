// SPDX-License-Identifier: MIT
#include "redis/resp.hpp"

#include "base/give_back.hpp"
#include "base/quoted.hpp"

#include <hiredis.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

namespace notify::redis {

namespace {

// Bytes given to hiredis at a time. It moves the rest of its buffer to the front after each reply
// past 1 KiB: with small pieces there is little to move, however much was read. And when next() was
// needed only because the message at the front was incomplete, the messages after it stay with the
// faster parser.
constexpr std::size_t piece = 4 * 1024;

// An element is as few as 3 bytes on the wire and 16 in memory, so limit alone is not enough.
constexpr std::size_t max_nodes = 1u << 20;

// Arrays within arrays, the innermost elements counted too. hiredis has a limit of its own, which
// is 8 or, in newer versions, 1,024; ours makes the behaviour the same with each of them.
constexpr std::size_t max_levels = 8;

// Of a reply that is not a bulk string. Only bulk strings are long; a line that does not end is no
// Redis.
constexpr std::size_t max_line = 64 * 1024;

// Memory that a reader keeps for the next reply. More than this is given back.
constexpr std::size_t max_kept = 1u << 20;

reply_type type_of(int hiredis_type)
{
    switch (hiredis_type) {
    case REDIS_REPLY_STATUS: return reply_type::status;
    case REDIS_REPLY_ERROR: return reply_type::error;
    default: return reply_type::string;
    }
}

// Returns how deep an element is: 1 for the reply itself. Stops counting when it is too deep.
std::size_t level_of(redisReadTask const* task)
{
    std::size_t level = 1;
    while ((task = task->parent) && level <= max_levels) ++level;
    return level;
}

// The element that is being read at this depth. Until hiredis 1.0 these were
// rstack, a table of eight.
template <class Reader>
// Returns the element that hiredis is reading at this depth. hiredis 1.0 has renamed the member and
// made a table of pointers of what was a table of eight tasks; both versions are in use.
redisReadTask const& task_at(Reader const& reader, int depth)
{
    if constexpr (requires { reader.rstack; })
        return reader.rstack[depth];
    else
        return *reader.task[depth];
}

// Appends `*2` or `$5` and CR LF. redisFormatCommandArgv would allocate and print at ten times the
// cost, and each client that connects causes two commands.
void append_head(std::string& out, char kind, std::size_t number)
{
    fmt::format_int const digits{number};
    out += kind;
    out.append(digits.data(), digits.size());
    out += "\r\n";
}

}  // namespace

void append_command(std::string& out, std::span<std::string_view const> args)
{
    append_head(out, '*', args.size());
    for (auto const arg : args) {
        append_head(out, '$', arg.size());
        out += arg;
        out += "\r\n";
    }
}

void append_command(std::string& out, std::initializer_list<std::string_view> args)
{
    append_command(out, std::span{args.begin(), args.size()});
}

std::string_view reply_view::text() const
{
    if (!is_text()) return {};
    return std::string_view{all_->text}.substr(static_cast<std::size_t>(node().value), node().size);
}

// Nodes stand in reading order, so the end is found by counting: each node is one that was due, and
// an array makes as many more due as it has elements. No recursion, whatever the depth.
std::size_t reply_view::after() const
{
    std::size_t at = at_;
    for (std::size_t due = 1; due > 0; --due) {
        auto const& n = all_->nodes[at++];
        if (n.type == reply_type::array) due += n.size;
    }
    return at;
}

reply_view reply_view::operator[](std::size_t i) const
{
    auto it = begin();
    while (i-- > 0) ++it;
    return *it;
}

reply_view::iterator reply_view::begin() const { return {{*all_, at_ + 1}, size()}; }

reply_view::iterator reply_view::end() const { return {*this, 0}; }

// The last step does not move: there may be no node behind the last one.
reply_view::iterator& reply_view::iterator::operator++()
{
    if (--left_ > 0) at_.at_ = at_.after();
    return *this;
}

std::string quoted_error(reply_view r)
{
    constexpr std::size_t most = 200;
    return in_quotes(r.text().substr(0, r.text().find(", with args beginning with")), most);
}

// Nodes are copied as one range. Texts are copied one by one and their positions adjusted, so that
// one element of a large reply does not bring the whole text along.
reply::reply(reply_view v)
{
    auto const first = v.all_->nodes.begin();
    all_.nodes.assign(first + static_cast<std::ptrdiff_t>(v.at_),
                      first + static_cast<std::ptrdiff_t>(v.after()));
    for (auto& n : all_.nodes) {  // takes the text of these nodes only
        if (n.type > reply_type::error) continue;
        auto const begins = all_.text.size();
        all_.text.append(v.all_->text, static_cast<std::size_t>(n.value), n.size);
        n.value = static_cast<std::int64_t>(begins);
    }
}

// The functions that hiredis calls for each element. They are called from C and must not throw;
// null tells hiredis to stop, and refused_ says why. Newer versions of hiredis read RESP 3 too,
// which we never ask a server for (no HELLO 3): its types are refused.
struct reply_reader::hooks {
    static void* refuse(redisReadTask const* task, char const* why)
    {
        static_cast<reply_reader*>(task->privdata)->refused_ = why;
        return nullptr;
    }

    static void* refuse_type(redisReadTask const* task)
    {
        return refuse(task, "it is of a type that RESP 2 does not have");
    }

    // Appends one node and its text. All limits are checked here, as elements come, so that a reply
    // that never ends is refused while it is still small.
    static void* add(redisReadTask const* task, detail::reply_node node,
                     std::string_view text = {}) noexcept
    {
        auto& reader = *static_cast<reply_reader*>(task->privdata);
        if (reader.all_.nodes.size() >= max_nodes) return refuse(task, too_many);
        if (level_of(task) > max_levels) return refuse(task, too_deep);
        try {
            reader.all_.text.append(text);
            reader.all_.nodes.push_back(node);
        } catch (std::bad_alloc const&) {
            return refuse(task, "there is no memory for it");
        }
        return &reader;  // anything but null
    }

    static void* string(redisReadTask const* task, char* data, std::size_t size)
    {
        if (task->type != REDIS_REPLY_STRING && task->type != REDIS_REPLY_STATUS &&
            task->type != REDIS_REPLY_ERROR)
            return refuse_type(task);
        auto const& text = static_cast<reply_reader*>(task->privdata)->all_.text;
        return add(task,
                   {type_of(task->type), static_cast<std::uint32_t>(size),
                    static_cast<std::int64_t>(text.size())},
                   {data, size});
    }

    template <class Size>  // int, or since hiredis 1.0 size_t
    // Refuses an array by what it announces: `*1000000000` alone takes no memory.
    static void* array(redisReadTask const* task, Size elements)
    {
        if (task->type != REDIS_REPLY_ARRAY) return refuse_type(task);
        if (static_cast<std::size_t>(elements) > max_nodes) return refuse(task, too_many);
        // What is in it is a level deeper; hiredis' own limit must not be met before.
        if (elements > 0 && level_of(task) == max_levels) return refuse(task, too_deep);
        return add(task, {reply_type::array, static_cast<std::uint32_t>(elements), 0});
    }

    static void* integer(redisReadTask const* task, long long value)
    {
        return add(task, {reply_type::integer, 0, value});
    }

    static void* nil(redisReadTask const* task)
    {
        if (task->type == REDIS_REPLY_NIL) return refuse_type(task);  // RESP 3's own nil
        return add(task, {reply_type::nil, 0, 0});
    }

    static void free(void*) {}

    // The members that only newer versions have are set only where they are.
    template <class Functions>
    static Functions make_table()
    {
        Functions f{};
        f.createString = string;
        f.createArray = array;
        f.createInteger = integer;
        f.createNil = nil;
        f.freeObject = free;
        if constexpr (requires { f.createDouble; }) {
            f.createDouble = [](redisReadTask const* t, double, char*, std::size_t) {
                return refuse_type(t);
            };
            f.createBool = [](redisReadTask const* t, int) { return refuse_type(t); };
        }
        return f;
    }

    static constexpr char const* too_many = "it has more than 1048576 elements";
    static constexpr char const* too_deep = "it is nested deeper than 8 levels";
    static_assert(max_nodes == 1'048'576 && max_levels == 8);

    static inline redisReplyObjectFunctions table = make_table<redisReplyObjectFunctions>();
};

void reply_reader::free_reader::operator()(redisReader* r) const { redisReaderFree(r); }

reply_reader::reply_reader(std::size_t limit, std::size_t max_payload)
    : limit_{limit},
      max_payload_{max_payload},
      reader_{redisReaderCreateWithFunctions(&hooks::table)}
{
    if (!reader_) throw std::bad_alloc{};
    reader_->privdata = this;
    reader_->maxbuf = max_kept;
}

reply_reader::~reply_reader() = default;

// Bytes that hiredis has in its buffer and has not parsed.
std::size_t reply_reader::unread() const { return reader_->len - reader_->pos; }

// Keeps capacity for the next reply, unless a huge one has passed.
void reply_reader::begin_reply()
{
    told_ = false;
    all_.nodes.clear();
    all_.text.clear();
    if (all_.nodes.capacity() * sizeof(detail::reply_node) > max_kept) give_back(all_.nodes);
    if (all_.text.capacity() > max_kept) give_back(all_.text);
}

error reply_reader::broken(std::string sentence)
{
    broken_ = std::move(sentence);
    input_ = {};
    return error{broken_};
}

// A message may be looked for only where a reply begins: not when hiredis is inside one, nor while
// it still holds bytes that come before ours.
std::optional<push_message> reply_reader::next_message()
{
    // hiredis is in a reply as soon as it knows what that begins with.
    bool const inside = reader_->ridx > 0 || (reader_->ridx == 0 && task_at(*reader_, 0).type >= 0);
    if (inside || unread() > 0 || !broken_.empty()) return {};
    pass_over();
    if (auto const whole = take_push_message(input_)) return whole;
    auto const large = take_large_head(input_, max_payload_);
    if (large) passing_over_ = large->bytes + 2;  // and the line's end
    pass_over();
    return large;
}

// Skips what is due of a payload that is not kept; it may end in this read or in a later one.
void reply_reader::pass_over()
{
    auto const some = std::min(passing_over_, input_.size());
    input_.remove_prefix(some);
    passing_over_ -= some;
}

// Feeds hiredis piece by piece until it has a reply. The limits of size are checked between pieces,
// on what hiredis holds: it would buffer without end itself.
result<std::optional<reply_view>> reply_reader::next()
{
    if (!broken_.empty()) return error{broken_};
    if (told_) begin_reply();
    for (;;) {
        void* got = nullptr;
        if (redisReaderGetReply(reader_.get(), &got) != REDIS_OK) {
            if (refused_) return broken(fmt::format("a reply was refused: {}", refused_));
            return broken(fmt::format("not a Redis reply: {}", reader_->errstr));
        }
        if (got) {
            told_ = true;
            taken_ = unread();
            return std::optional{reply_view{all_, 0}};
        }
        if (taken_ > limit_) return broken(fmt::format("a reply is larger than {} bytes", limit_));
        auto const& task = task_at(*reader_, std::max(reader_->ridx, 0));
        if (task.type != REDIS_REPLY_STRING && unread() > max_line)
            return broken(fmt::format("a line is longer than {} bytes", max_line));
        if (input_.empty()) return std::optional<reply_view>{};

        auto const part = input_.substr(0, piece);
        input_.remove_prefix(part.size());
        taken_ += part.size();
        if (redisReaderFeed(reader_.get(), part.data(), part.size()) != REDIS_OK)
            return broken("out of memory while a reply was read");
    }
}

}  // namespace notify::redis
