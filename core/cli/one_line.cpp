// SPDX-License-Identifier: MIT
#include "cli/one_line.hpp"

#include "base/byte_order_mark.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

namespace notify::cli {

result<std::string> read_one_line(std::string const& path, further_lines more)
{
    // The streams keep no reason; errno has it, if nothing has failed before.
    errno = 0;
    std::ifstream file;
    if (path != "-") file.open(path);
    std::istream& in = path == "-" ? std::cin : file;
    std::string line;
    if (!in || !std::getline(in, line)) return error{errno ? std::strerror(errno) : "it is empty"};
    auto const text = without_byte_order_mark(line);
    if (!text) return text.error();
    std::string found{text->substr(0, text->size() - (text->ends_with('\r') ? 1 : 0))};
    std::string next;
    if (more == further_lines::refused && std::getline(in, next) && !next.empty())
        return error{"it should be one line"};
    return {boost::system::in_place_value, std::move(found)};
}

}  // namespace notify::cli
