#pragma once

#include <CLI/CLI.hpp>

/// One command, a file for each subcommand. A subcommand adds itself to the program, parses its own
/// flags and runs from CLI11's callback; what it returns through `exit_status` becomes the
/// program's.

namespace compot::apps {

struct Program {
    CLI::App cli{"Compotastic: a compute layer for Meshtastic swarms", "compotastic"};
    int exit_status = 0;
};

void add_sim(Program& program);
void add_sweep(Program& program);
void add_replay(Program& program);
void add_node(Program& program);
void add_radio(Program& program);
void add_packet(Program& program);
void add_airtime(Program& program);
void add_registry(Program& program);
void add_job(Program& program);
void add_ledger(Program& program);
void add_bundle(Program& program);
void add_learn(Program& program);
void add_version(Program& program);

}  // namespace compot::apps
