// SPDX-License-Identifier: MIT
//
// What has been stored and is to be shown too (--since, --resume, --history).
#pragma once

#include "cli/command_line.hpp"
#include "client/position_file.hpp"

#include <optional>
#include <string>

namespace notify {

struct past {
    std::string since;       // as contract/log_start reads it
    bool is_wanted = false;  // more than what is stored from now on was asked for
    bool alone = false;      // --history: nothing else is shown
    std::optional<position_file> resume{};
};

class past_options {
public:
    // REQUIRES: the object outlives line.parse().
    void add_to(cli::command_line& line);

    // Opens the file of --resume. Throws cli::failure.
    [[nodiscard]] past checked(cli::command_line const& line) const;

private:
    std::string since_;
    std::string file_;
    bool history_ = false;
    CLI::Option* since_option_ = nullptr;
    CLI::Option* file_option_ = nullptr;
};

}  // namespace notify
