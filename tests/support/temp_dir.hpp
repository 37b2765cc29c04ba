// SPDX-License-Identifier: MIT
//
// A private folder for one test. The destructor removes it with its contents.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <stdlib.h>

namespace notify::test {

class temp_dir {
public:
    temp_dir()
    {
        std::string name = (std::filesystem::temp_directory_path() / "notify-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    temp_dir(temp_dir const&) = delete;
    temp_dir& operator=(temp_dir const&) = delete;
    ~temp_dir()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

    // Writes a file of that name. Returns its path.
    std::string write(std::string_view name, std::string_view text) const
    {
        std::ofstream{path_ / name, std::ios::binary} << text;
        return file(name);
    }

private:
    std::filesystem::path path_;
};

}  // namespace notify::test
