// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "base/quoted.hpp"
#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

namespace notify::cli {

namespace {

// One file may serve all tools: a section belongs to the tool it is named after.
constexpr std::array<std::string_view, 4> tools{"notify-gateway", "notify-send", "notify-watch",
                                                "notify-token"};

// --help has 100 columns.
constexpr std::size_t name_width = 34;
constexpr std::size_t description_width = 100 - name_width;

// Examples first: they are what most people look for.
class formatter final : public CLI::Formatter {
public:
    explicit formatter(std::string examples) : examples_(std::move(examples)) {}

    std::string make_help(CLI::App const* app, std::string name,
                          CLI::AppFormatMode mode) const override
    {
        if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
        std::string out;
        if (app->get_parent())
            out = app->get_description() + "\n\n";
        else
            out = fmt::format("{}: {}\n\nExamples:\n{}\n", app->get_name(), app->get_description(),
                              examples_);
        out += make_usage(app, std::move(name)) + make_positionals(app) + make_groups(app, mode) +
               make_subcommands(app, mode);
        if (auto const footer = app->get_footer(); !footer.empty()) out += "\n" + footer + "\n";
        return out;
    }

    std::string make_option_opts(CLI::Option const* option) const override
    {
        bool const bare = option->get_type_size() == 0 || option->get_positional();
        return bare ? "" : " " + option->get_type_name();
    }

private:
    std::string const examples_;
};

std::string variable_of(CLI::Option const& option)
{
    std::string name = "NOTIFY_" + option.get_lnames().front();
    for (char& c : name) {
        if (c == '-') c = '_';
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return name;
}

// CLI11's words, except where people would not understand them.
std::string sentence_of(CLI::ParseError const& e)
{
    std::string const text = e.what();
    std::string_view const unconverted = "Could not convert: ";
    if (text.starts_with(unconverted)) {
        auto const equals = text.find(" = ");
        return fmt::format("{} does not take {}",
                           text.substr(unconverted.size(), equals - unconverted.size()),
                           in_quotes(equals == text.npos ? "" : text.substr(equals + 3)));
    }
    if (e.get_name() == "ArgumentMismatch") {
        auto const name = text.substr(0, text.find(':'));
        if (text.ends_with(" missing")) return name + " needs a value";
        if (text.find(": At Most 1 ") != text.npos) return name + " is given more than once";
    }
    std::string line;
    append_escaped(line, text);
    return line;
}

// Gives the option its value as if it had been on the command line.
void apply(std::string const& source, CLI::Option& option, std::vector<std::string> const& values)
{
    try {
        for (auto const& v : values) option.add_result(v);
        option.run_callback();
    } catch (CLI::ParseError const& e) {
        throw failure{exit_code::usage, fmt::format("{}: {}", source, sentence_of(e))};
    }
}

std::vector<std::string> split(std::string const& text)
{
    std::vector<std::string> parts = CLI::detail::split(text, ',');
    for (auto& p : parts) CLI::detail::trim(p);
    std::erase(parts, "");
    return parts;
}

// The arguments in CLI11's order, the last one first. It takes `--name=` for a
// name whose value is the next argument; here it is a name with an empty value.
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

}  // namespace

command_line::command_line(std::string name, std::string purpose,
                           std::initializer_list<std::string_view> examples)
    : name_(std::move(name)), app_(std::move(purpose), name_)
{
    std::string lines;
    for (auto const e : examples) lines += fmt::format("  {}\n", e);
    app_.formatter(std::make_shared<formatter>(std::move(lines)));
    app_.get_formatter()->column_width(name_width);
    app_.set_help_flag("-h,--help", "Show this and exit");
    app_.set_version_flag("--version", name_ + " " NOTIFY_VERSION, "Show the version and exit");
    setting(app_.add_option("--config", config_file_, "Read settings from a file: name = value")
                ->type_name("FILE"));
}

CLI::Option* command_line::setting(CLI::Option* option, std::initializer_list<std::string> older,
                                   empty e)
{
    std::vector<std::string> variables{variable_of(*option)};
    variables.insert(variables.end(), older);
    auto const text = option->get_description();
    auto const shown = fmt::format("[{}]", fmt::join(variables, ", "));
    bool const fits = text.size() - (text.rfind('\n') + 1) + 1 + shown.size() <= description_width;
    option->description(text + (fits ? " " : "\n") + shown);
    settings_.push_back({option, std::move(variables), e});
    return option;
}

void command_line::parse(int argc, char const* const* argv)
{
    try {
        app_.parse(words_of(argc, argv));
    } catch (CLI::CallForHelp const&) {
        print(app_.help());
        flush_output();
        throw finished{};
    } catch (CLI::CallForVersion const& e) {
        print(fmt::format("{}\n", e.what()));
        flush_output();
        throw finished{};
    } catch (CLI::ExtrasError const&) {
        throw misused("unexpected argument " + in_quotes(app_.remaining(true).front()));
    } catch (CLI::ParseError const& e) {
        throw misused(sentence_of(e));
    }
    apply_environment();
    if (!config_file_.empty()) apply_file(config_file_);
}

failure command_line::misused(std::string const& what) const
{
    return {exit_code::usage, fmt::format("{}; try {} --help", what, name_)};
}

void command_line::apply_environment()
{
    for (auto const& s : settings_) {
        if (s.option->count() > 0) continue;
        for (auto const& variable : s.variables) {
            char const* const value = std::getenv(variable.c_str());
            if (!value || (*value == '\0' && s.when_empty == empty::unset)) continue;
            bool const many = s.option->get_items_expected_max() > 1;
            apply(variable, *s.option, many ? split(value) : std::vector<std::string>{value});
            break;
        }
    }
}

void command_line::apply_file(std::string const& path)
{
    std::vector<CLI::ConfigItem> items;
    try {
        if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
            throw failure{exit_code::usage,
                          fmt::format("the configuration {} is a directory", in_quotes(path))};
        items = CLI::ConfigTOML{}.from_file(path);
    } catch (CLI::Error const&) {
        throw failure{exit_code::usage,
                      fmt::format("cannot read the configuration file {}", in_quotes(path))};
    }
    for (auto const& item : items) apply_item(path, item);
}

void command_line::apply_item(std::string const& path, CLI::ConfigItem const& item)
{
    if (item.name == "++" || item.name == "--") return;  // where a section begins and ends
    if (!item.parents.empty() && item.parents.front() != name_ &&
        std::find(tools.begin(), tools.end(), item.parents.front()) != tools.end())
        return;  // another tool's
    auto const ours =
        item.parents.empty() || (item.parents.size() == 1 && item.parents.front() == name_);
    auto const found = std::find_if(settings_.begin(), settings_.end(), [&](entry const& s) {
        return s.option->get_lnames().front() == item.name && item.name != "config";
    });
    if (!ours || found == settings_.end())
        throw failure{exit_code::usage,
                      fmt::format("the configuration file {} has an unknown key {}",
                                  in_quotes(path), in_quotes(item.fullname()))};
    if (found->option->count() > 0) return;  // a flag or the environment came first
    apply(fmt::format("configuration file {}, {}", in_quotes(path), item.name), *found->option,
          item.inputs);
}

}  // namespace notify::cli
