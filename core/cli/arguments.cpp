// SPDX-License-Identifier: MIT
#include "cli/arguments.hpp"

#include "cli/suggestion.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace notify::cli {

namespace {

// "--user=5" to "--user". What was typed as a value may be a secret, and is not repeated.
std::string without_value(std::string_view word)
{
    return std::string{word.substr(0, word.find('='))};
}

// True for words such as "-5" and "--user", which CLI11 takes for options. "-", "- milk" and "---"
// are none: they may be a message.
bool looks_like_option(std::string_view word)
{
    if (!word.starts_with('-')) return false;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    return !word.empty() &&
           (std::isalnum(static_cast<unsigned char>(word[0])) || word[0] == '_' || word[0] == '?');
}

bool takes_value(CLI::Option const& option) { return option.get_items_expected_min() > 0; }

// All options of a tool by their names, with dashes.
class known_options {
public:
    explicit known_options(CLI::App const& app) : app_{app} {}

    [[nodiscard]] CLI::Option const* find(std::string const& name) const
    {
        return app_.get_option_no_throw(name);
    }

    // Returns the long name that is like word, with its dashes; "" if none is.
    [[nodiscard]] std::string like(std::string_view word) const
    {
        auto const bare = word.substr(std::min(word.find_first_not_of('-'), word.size()));
        std::vector<std::string> names;
        for (auto const* o : app_.get_options())
            for (auto const& name : o->get_lnames()) names.push_back(name);
        auto const name = closest(bare, names);
        return name.empty() ? "" : "--" + name;
    }

private:
    CLI::App const& app_;
};

// Looks at one argument after the other, as CLI11 will: which are options, which their values, and
// which are plain.
class scan {
public:
    explicit scan(CLI::App const& app) : known_{app} {}

    // Takes the next argument. Returns false if it is an unknown option; then this is done.
    bool take(std::string_view word)
    {
        if (std::exchange(value_follows_, false)) return true;
        if (only_plain_ || !looks_like_option(word)) {
            bool const mark = !only_plain_ && word == "--";
            only_plain_ = only_plain_ || mark;
            if (!mark) found_.plain.emplace_back(word);
            return true;
        }
        found_.unknown = word.starts_with("--") ? take_long(word) : take_short(word);
        return !found_.unknown;
    }

    [[nodiscard]] looked_through&& found() && { return std::move(found_); }

private:
    std::optional<unknown_option> take_long(std::string_view word)
    {
        auto const name = without_value(word);
        auto const* const option = known_.find(name);
        if (!option) return unknown_option{name, known_.like(name)};
        value_follows_ = takes_value(*option) && name == word;
        return {};
    }

    // Several flags may be put together (-qj), and a value may follow without a space (-u5). But
    // "-user" is a slip for --user and not -u for a user called "ser": whoever types it would send
    // to the wrong user.
    std::optional<unknown_option> take_short(std::string_view word)
    {
        auto const name = without_value(word);
        if (name.size() > 2 && known_.find("-" + name)) return unknown_option{name, "-" + name};
        for (std::size_t i = 1; i < word.size(); ++i) {
            auto const* const option = known_.find({'-', word[i]});
            if (!option) return unknown_short(name, word[i]);
            if (!takes_value(*option)) continue;
            value_follows_ = i + 1 == word.size();
            break;
        }
        return {};
    }

    // A single letter is probably a slip for the same one in the other case. Of more letters, none
    // of which has to be a flag, the whole is compared with the long names.
    [[nodiscard]] unknown_option unknown_short(std::string const& name, char letter) const
    {
        if (name.size() > 2) return {name, known_.like(name)};
        std::string other{'-', letter};
        other[1] = static_cast<char>(std::isupper(static_cast<unsigned char>(letter))
                                         ? std::tolower(static_cast<unsigned char>(letter))
                                         : std::toupper(static_cast<unsigned char>(letter)));
        return {name, known_.find(other) ? other : ""};
    }

    known_options const known_;
    looked_through found_;
    bool value_follows_ = false;  // the next argument is the value of the last one
    bool only_plain_ = false;     // "--" has been there
};

}  // namespace

std::vector<std::string> words_of(int argc, char const* const* argv)
{
    std::vector<std::string> words;
    bool options = true;
    for (int i = 1; i < argc; ++i) {
        std::string word = argv[i];
        options = options && word != "--";
        bool const empty = options && word.starts_with("--") && word.ends_with('=');
        if (empty) word.pop_back();
        words.push_back(std::move(word));
        if (empty) words.emplace_back();
    }
    std::reverse(words.begin(), words.end());
    return words;
}

// Behind an unknown option nothing can be said: what follows may be its value or not.
looked_through look_through(CLI::App const& app, int argc, char const* const* argv)
{
    scan all{app};
    for (int i = 1; i < argc; ++i)
        if (!all.take(argv[i])) break;
    return std::move(all).found();
}

}  // namespace notify::cli
