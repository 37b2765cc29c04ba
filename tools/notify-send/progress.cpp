// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace notify {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t width = 40;
constexpr std::size_t worth_a_bar = 1000;

}  // namespace

progress::progress(std::size_t rows)
    : rows_{rows}, wanted_{rows >= worth_a_bar && cli::is_terminal(2)}, next_{clock::now() + 200ms}
{
}

void progress::on_row()
{
    ++done_;
    if (!wanted_ || clock::now() < next_) return;
    next_ = clock::now() + 100ms;
    draw();
}

void progress::draw()
{
    auto const filled = width * done_ / rows_;
    fmt::print(stderr, "\r[{}{}] {} of {} ", std::string(filled, '#'),
               std::string(width - filled, ' '), done_, rows_);
    drawn_ = true;
}

void progress::clear()
{
    if (!drawn_) return;
    fmt::print(stderr, "\r{}\r", std::string(width + 40, ' '));
    drawn_ = false;
}

}  // namespace notify
