// SPDX-License-Identifier: MIT
#include "command_queue.hpp"

#include "base/unique_fd.hpp"
#include "cli/output.hpp"

#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace notify {

namespace {

// The environment of the command: ours, and variables about the notification. They come from its
// sender, and a shell acts on some of their characters: a command must quote "$NOTIFY_TITLE".
std::vector<std::string> environment_for(received const& r)
{
    auto const variables = variables_of(r);
    std::vector<std::string> all;
    for (auto const& [name, value] : variables)
        if (value) all.push_back(fmt::format("{}={}", name, *value));
    for (char** e = environ; *e; ++e) {
        std::string_view const entry{*e};
        std::string_view const its_name = entry.substr(0, entry.find('='));
        if (std::none_of(variables.begin(), variables.end(),
                         [its_name](auto const& v) { return v.first == its_name; }))
            all.emplace_back(entry);
    }
    return all;
}

// What of a notification takes memory while it waits, but for small things.
std::size_t bytes_of(received const& r)
{
    std::size_t bytes = r.told.message.size() + r.told.title.size() + r.told.link.size();
    for (auto const& [name, value] : r.told.fields) bytes += name.size() + value.size();
    return bytes;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

// The arguments of posix_spawn(). The pipe becomes standard input, and our standard error both
// outputs. No other descriptor is passed on: a connection that stays open in a child would look
// like a user who is still online. SIGPIPE has its default action again, as commands expect.
class spawn_plan {
public:
    explicit spawn_plan(int input)
    {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        if (::fcntl(STDERR_FILENO, F_GETFD) >= 0)
            ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
        else
            ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawnattr_init(&attributes_);
        sigset_t normal;
        sigemptyset(&normal);
        sigaddset(&normal, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes_, &normal);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    spawn_plan(spawn_plan const&) = delete;
    spawn_plan& operator=(spawn_plan const&) = delete;
    ~spawn_plan()
    {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    // Returns the child, or -1 with errno set.
    [[nodiscard]] pid_t run(std::string const& command, std::vector<std::string> environment)
    {
        std::vector<std::string> words{"sh", "-c", command};
        pid_t child = -1;
        errno = ::posix_spawn(&child, "/bin/sh", &actions_, &attributes_, pointers_to(words).data(),
                              pointers_to(environment).data());
        return errno == 0 ? child : -1;
    }

private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

std::string describe(int status)
{
    if (WIFSIGNALED(status))
        return fmt::format("the command of --exec was ended by signal {} ({})", WTERMSIG(status),
                           ::strsignal(WTERMSIG(status)));
    return fmt::format("the command of --exec ended with status {}", WEXITSTATUS(status));
}

}  // namespace

command_queue::command_queue(net::any_io_executor const& executor, std::string command)
    : command_{std::move(command)},
      child_ended_{executor, SIGCHLD},
      idle_{executor, net::steady_timer::time_point::max()},
      input_{executor}
{
}

bool command_queue::try_push(received r)
{
    std::size_t const bytes = bytes_of(r);
    if (waiting_.size() >= most_waiting || waiting_bytes_ + bytes > most_bytes) return false;
    waiting_bytes_ += bytes;
    waiting_.push_back(std::move(r));
    run_next();
    return true;
}

net::awaitable<void> command_queue::drained()
{
    if (child_ != 0) co_await idle_.async_wait(as_result);
}

// Starts the next command, unless one is running.
void command_queue::run_next()
{
    while (child_ == 0 && !waiting_.empty()) {
        auto r = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= bytes_of(r);
        start(std::move(r));
    }
    if (child_ == 0) idle_.cancel();
}

void command_queue::start(received r)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(fmt::format("cannot run the command of --exec: {}", std::strerror(errno)));
    unique_fd const out{ends[0]};
    unique_fd in{ends[1]};
    pid_t const child = spawn_plan{out.get()}.run(command_, environment_for(r));
    if (child < 0)
        return fail(fmt::format("cannot run the command of --exec: {}", std::strerror(errno)));
    child_ = child;
    message_ = std::move(r.told.message);
    input_.assign(in.release());
    write_message();
    await_end();
}

void command_queue::write_message()
{
    // It is no error if the command does not read all of the message: its exit status decides. The
    // next command may be running when this write ends, so only this command's pipe is closed.
    net::async_write(input_, net::buffer(message_),
                     [this, child = child_](error_code const&, std::size_t) {
                         error_code ignored;
                         if (child == child_) input_.close(ignored);
                     });
}

void command_queue::await_end()
{
    child_ended_.async_wait([this](error_code const& ec, int) {
        if (ec) return;
        int status = 0;
        if (::waitpid(child_, &status, WNOHANG) == 0) return await_end();
        on_end(status);
    });
}

void command_queue::on_end(int status)
{
    child_ = 0;
    error_code ignored;
    input_.close(ignored);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail(describe(status));
    run_next();
}

void command_queue::fail(std::string const& why)
{
    ++failed_;
    cli::complain(why);
}

}  // namespace notify
