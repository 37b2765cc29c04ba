// SPDX-License-Identifier: MIT
//
// A file that holds one position in a user's log, so that a client goes on where it was when its
// process or its machine has crashed (notify-watch --resume):
//
//     1732657160000-17-1732657161234567
//
// The new content is written beside it, to FILE.new, brought to the disk, and renamed. So the file
// is whole at any moment. After a power cut it may be one position behind: what came after that is
// told again, and nothing is lost.
//
// FILE.lock is locked as long as the object lives, and stays when it is gone. The file itself
// cannot be locked, as each rename replaces it.
//
// Used by one thread; its calls block.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "contract/position.hpp"

#include <optional>
#include <string>
#include <utility>

namespace notify {

class position_file {
public:
    // Locks and reads the file; a symbolic link is followed. The error names the file and what to
    // try: another process has it, it cannot be read, or holds anything else.
    [[nodiscard]] static result<position_file> open(std::string const& path);

    // What it holds; nothing if there is no file yet.
    [[nodiscard]] std::optional<position> const& where() const { return where_; }

    // Has it hold p. When this returns, the new content is on the disk. The error names the file;
    // it holds what it held before then.
    [[nodiscard]] result<void> keep(position const& p);

private:
    position_file(std::string path, unique_fd lock) : path_{std::move(path)}, lock_{std::move(lock)}
    {
    }

    std::string path_;
    unique_fd lock_;
    std::optional<position> where_;
};

}  // namespace notify
