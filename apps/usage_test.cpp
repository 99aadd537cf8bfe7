#include "apps/usage.hpp"

#include <gtest/gtest.h>

namespace compot::apps {
namespace {

struct Usage : testing::Test {
    CLI::App program{"", "tool"};
    CLI::App* mesh = program.add_subcommand("mesh");
    CLI::App* draw = mesh->add_subcommand("draw");
    int wide = 0;

    void SetUp() override {
        mesh->require_subcommand(1);
        draw->add_option("--wide", wide)->required();
    }

    std::string said(const std::string& line) {
        try {
            program.parse(line);
        } catch (const CLI::ParseError& error) {
            return complaint(program, error);
        }
        return "";
    }
};

TEST_F(Usage, names_the_command_that_was_meant) {
    EXPECT_EQ(said("mesg"), "tool: unknown subcommand mesg (did you mean mesh?); see tool --help");
}

TEST_F(Usage, says_nothing_of_what_looks_like_no_command) {
    EXPECT_EQ(said("frobnicate"), "tool: unknown subcommand frobnicate; see tool --help");
}

TEST_F(Usage, names_the_option_that_was_meant) {
    EXPECT_EQ(said("mesh draw --wide 3 --wyde 4"),
              "tool mesh draw: unknown option --wyde (did you mean --wide?); see tool mesh draw "
              "--help");
}

TEST_F(Usage, lists_the_subcommands_where_one_is_missing) {
    EXPECT_EQ(said("mesh"), "tool mesh: say which: draw; see tool mesh --help");
}

TEST_F(Usage, tells_library_errors_in_one_line) {
    EXPECT_EQ(said("mesh draw"), "tool mesh draw: --wide is required; see tool mesh draw --help");
    const std::string wrong = said("mesh draw --wide x");
    EXPECT_EQ(wrong.rfind("tool mesh draw: ", 0), 0U) << wrong;
    EXPECT_EQ(wrong.find('\n'), std::string::npos) << wrong;
}

}  // namespace
}  // namespace compot::apps
