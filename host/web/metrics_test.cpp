#include "host/web/metrics.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace compot::web {
namespace {

/// The grammar of the text format, as far as figures without histograms need it; each sample must
/// stand under its own family's help and type.
void expect_well_formed(const std::string& text) {
    static const std::regex help(R"(# HELP ([a-z_][a-z0-9_]*) (\S.*))");
    static const std::regex type(R"(# TYPE ([a-z_][a-z0-9_]*) (counter|gauge))");
    static const std::regex sample(
        R"re(([a-z_][a-z0-9_]*)(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (-?[0-9.e+-]+))re");
    ASSERT_TRUE(text.empty() || text.back() == '\n');
    std::istringstream lines(text);
    std::set<std::string> families;
    std::string family;
    std::string helped;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, help)) {
            helped = match[1];
            EXPECT_TRUE(families.insert(helped).second) << "twice: " << line;
        } else if (std::regex_match(line, match, type)) {
            family = match[1];
            EXPECT_EQ(family, helped) << line;
        } else {
            ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
            EXPECT_EQ(match[1], family) << line;
        }
    }
}

TEST(Metrics, are_grouped_by_their_names_with_help_and_type) {
    Metrics metrics;
    metrics.counter("b_frames_total", "Frames.", 3, {{"radio", "one"}});
    metrics.gauge("a_memory_bytes", "Memory.", 1.5e9);
    metrics.counter("b_frames_total", "Frames.", 4, {{"radio", "two"}});
    const std::string text = metrics.text();
    expect_well_formed(text);
    EXPECT_EQ(text,
              "# HELP a_memory_bytes Memory.\n# TYPE a_memory_bytes gauge\n"
              "a_memory_bytes 1500000000\n"
              "# HELP b_frames_total Frames.\n# TYPE b_frames_total counter\n"
              "b_frames_total{radio=\"one\"} 3\nb_frames_total{radio=\"two\"} 4\n");
}

TEST(Metrics, escape_what_people_name_their_nodes) {
    Metrics metrics;
    metrics.gauge("up", "Says \\ and\na line.", 1, {{"node", "a \"b\" \\ c\nd"}});
    expect_well_formed(metrics.text());
    EXPECT_NE(metrics.text().find(R"(up{node="a \"b\" \\ c\nd"} 1)"), std::string::npos);
}

TEST(Metrics, tell_of_this_process) {
    Metrics metrics;
    measure_process(metrics);
    expect_well_formed(metrics.text());
    for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                             "process_open_fds", "process_threads"})
        EXPECT_NE(metrics.text().find(std::string("\n") + name + " "), std::string::npos) << name;
}

TEST(Metrics, tell_of_each_node_and_survive_what_is_no_list_of_nodes) {
    Metrics good;
    measure_nodes(R"([{"name":"beta","alive":true,"battery_permille":870,"airtime_us":1500000,
        "busy_permille":30,"queue":2,"dropped":5,"purse":{"balance_us":2000000}}])",
                  good);
    expect_well_formed(good.text());
    for (const char* line :
         {"node_up{node=\"beta\"} 1", "battery_ratio{node=\"beta\"} 0.87",
          "airtime_seconds_total{node=\"beta\"} 1.5", "purse_seconds{node=\"beta\"} 2",
          "frames_dropped_total{node=\"beta\"} 5"})
        EXPECT_NE(good.text().find(line), std::string::npos) << line;
    Metrics peer;
    measure_nodes(R"([{"name":"compot","heard":{"t_us":7500000}},{"name":"gamma","heard":null}])",
                  peer);
    EXPECT_NE(peer.text().find("node_heard_seconds{node=\"compot\"} 7.5\n"), std::string::npos);
    EXPECT_EQ(peer.text().find("battery"), std::string::npos) << "what is not known is no figure";
    EXPECT_EQ(peer.text().find("gamma"), std::string::npos);
    Metrics metrics;
    measure_nodes("no JSON", metrics);
    measure_nodes("{}", metrics);
    EXPECT_TRUE(metrics.text().empty());
}

}  // namespace
}  // namespace compot::web
