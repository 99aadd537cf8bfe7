#include <cstdio>
#include <exception>

#include "apps/command.hpp"

int main(int argc, char** argv) {
    compot::apps::Program program;
    program.cli.require_subcommand(0, 1);
    compot::apps::add_replay(program);
    compot::apps::add_version(program);
    compot::apps::add_bundle(program);
    compot::apps::add_learn(program);
    compot::apps::add_airtime(program);
    compot::apps::add_packet(program);
    compot::apps::add_sim(program);
    compot::apps::add_radio(program);
    compot::apps::add_sweep(program);
    compot::apps::add_node(program);
    compot::apps::add_job(program);
    compot::apps::add_ledger(program);
    compot::apps::add_registry(program);
    try {
        program.cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return program.cli.exit(error);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "compotastic: %s\n", error.what());
        return 1;
    }
    return program.exit_status;
}
