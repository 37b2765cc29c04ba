// SPDX-License-Identifier: MIT
//
// A bar on stderr while many rows are sent, if a person looks at it.
#pragma once

#include <chrono>
#include <cstddef>

namespace notify {

class progress {
public:
    explicit progress(std::size_t rows);

    // One more is done.
    void on_row();

    // Takes the bar away, so that something else can be said.
    void clear();

private:
    using clock = std::chrono::steady_clock;

    void draw();

    std::size_t const rows_;
    std::size_t done_ = 0;
    bool const wanted_;
    bool drawn_ = false;
    clock::time_point next_;  // not before this: a terminal is slow
};

}  // namespace notify
