#include <cstdio>
#include <exception>

#include "apps/command.hpp"
#include "apps/usage.hpp"

int main(int argc, char** argv) {
    compot::apps::Program program;
    program.cli.require_subcommand(0, 1);
    compot::apps::add_sim(program);
    compot::apps::add_sweep(program);
    compot::apps::add_replay(program);
    compot::apps::add_node(program);
    compot::apps::add_radio(program);
    compot::apps::add_packet(program);
    compot::apps::add_airtime(program);
    compot::apps::add_registry(program);
    compot::apps::add_job(program);
    compot::apps::add_ledger(program);
    compot::apps::add_bundle(program);
    compot::apps::add_learn(program);
    compot::apps::add_version(program);
    try {
        program.cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.cli.exit(error);  // help was asked for
        std::fprintf(stderr, "%s\n", compot::apps::complaint(program.cli, error).c_str());
        return compot::apps::kMisused;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "compotastic: %s\n", error.what());
        return 1;
    }
    if (program.cli.get_subcommands().empty()) {
        std::fputs(program.cli.help().c_str(), stdout);
        return compot::apps::kMisused;
    }
    return program.exit_status;
}
