// SPDX-License-Identifier: MIT
//
// A progress bar on stderr while many rows are sent, if stderr is a terminal.
#pragma once

#include <chrono>
#include <cstddef>

namespace notify {

class progress {
public:
    explicit progress(std::size_t rows);

    // One more row is done.
    void on_row();

    // Removes the bar, so that something else can be printed.
    void clear();

private:
    using clock = std::chrono::steady_clock;

    void draw();

    std::size_t const rows_;
    std::size_t done_ = 0;
    bool const wanted_;
    bool drawn_ = false;
    clock::time_point next_;  // when it may be drawn again: a terminal is slow
};

}  // namespace notify
