#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/command.hpp"

/// `compotastic sim --meshtasticator FILE`: a kept run of Meshtasticator again, by its own rules.

namespace compot::apps {

struct MeshtasticatorOptions {
    std::string file;  ///< empty: not asked for
    std::vector<std::string> fixes;
    std::string rules;   ///< empty: Meshtasticator's; else a firmware's name
    bool still = false;  ///< who moved stays where it began
};

void add_meshtasticator_options(CLI::App& command, MeshtasticatorOptions& options);

/// Prints the figures on standard output and the CPU seconds of the run on standard error. Throws
/// std::runtime_error with a line for a person.
int run_meshtasticator(const MeshtasticatorOptions& options, std::uint64_t seed, bool json);

}  // namespace compot::apps
