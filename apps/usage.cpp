#include "apps/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "sim/scenario/spelling.hpp"

namespace compot::apps {

namespace {

/// The innermost command that was understood.
const CLI::App& innermost(const CLI::App& program) {
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
    return *command;
}

std::string path_of(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

std::vector<std::string> commands_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(each->get_name());
    return names;
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* each : command.get_options())
        for (const std::string& name : each->get_lnames()) names.push_back("--" + name);
    return names;
}

std::string about_unknown(const CLI::App& command, const std::string& word) {
    const bool option = word.rfind('-', 0) == 0;
    const std::vector<std::string> known = option ? options_of(command) : commands_of(command);
    const std::string meant = scenario::word_meant(word, known);
    const char* kind = option ? "option" : known.empty() ? "argument" : "subcommand";
    return fmt::format("unknown {} {}{}", kind, word,
                       meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant));
}

std::string in_one_line(std::string text) {
    for (char& letter : text)
        if (letter == '\n') letter = ' ';
    return text;
}

}  // namespace

std::string complaint(const CLI::App& program, const CLI::ParseError& error) {
    const CLI::App& command = innermost(program);
    const std::vector<std::string> left = program.remaining(true);
    const std::vector<std::string> commands = commands_of(command);
    std::string what = in_one_line(error.what());
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !left.empty()) {
        what = about_unknown(command, left.front());
    } else if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
               !commands.empty()) {
        what = fmt::format("say which: {}", fmt::join(commands, ", "));
    }
    const std::string path = path_of(command);
    return fmt::format("{}: {}; see {} --help", path, what, path);
}

}  // namespace compot::apps
