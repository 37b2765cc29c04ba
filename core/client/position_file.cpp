// SPDX-License-Identifier: MIT
#include "client/position_file.hpp"

#include "base/quoted.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace notify {

namespace {

// More than any position has, with its line feed.
constexpr std::size_t more_than_position = 80;

// For errors; a path has no bound of its own.
std::string shown(std::string const& path) { return in_quotes(path, 400); }

error failed_to(char const* what, std::string const& path)
{
    return error{fmt::format("cannot {} {}: {}", what, shown(path), std::strerror(errno))};
}

result<unique_fd> locked(std::string const& path)
{
    std::string const beside = path + ".lock";
    unique_fd lock{::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock) return failed_to("open", beside);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return failed_to("lock", beside);
    return error{fmt::format("{} belongs to another notify-watch that runs: give each a file of "
                             "its own",
                             shown(path))};
}

// Nothing if there is no file.
result<std::optional<position>> position_in(std::string const& path)
{
    unique_fd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return std::optional<position>{};
    std::array<char, more_than_position> bytes;
    auto const n = file ? ::read(file.get(), bytes.data(), bytes.size()) : -1;
    if (n < 0) return failed_to("read", path);
    std::string_view text{bytes.data(), static_cast<std::size_t>(n)};
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (auto const p = parse_position(text)) return p;
    return error{fmt::format("{} does not hold a position of notify-watch: name another file, or "
                             "remove this one to begin now",
                             shown(path))};
}

// A rename would replace a link. What is none stays as it was typed, for errors.
std::string behind_links(std::string const& path)
{
    std::error_code ec;
    if (!std::filesystem::is_symlink(path, ec)) return path;
    auto const real = std::filesystem::canonical(path, ec);
    return ec ? path : real.string();
}

bool write_to_disk(std::string const& path, std::string_view text)
{
    unique_fd const file{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) return false;
    while (!text.empty()) {
        auto const n = ::write(file.get(), text.data(), text.size());
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fsync(file.get()) == 0;
}

}  // namespace

result<position_file> position_file::open(std::string const& path)
{
    position_file file{behind_links(path), {}};
    auto lock = locked(file.path_);
    if (!lock) return lock.error();
    file.lock_ = std::move(*lock);
    auto const where = position_in(file.path_);
    if (!where) return where.error();
    file.where_ = *where;
    return file;
}

result<void> position_file::keep(position const& p)
{
    if (where_ == p) return {};
    std::string const beside = path_ + ".new";
    if (!write_to_disk(beside, to_text(p) + '\n') ||
        std::rename(beside.c_str(), path_.c_str()) != 0)
        return failed_to("write", path_);
    where_ = p;
    return {};
}

}  // namespace notify
