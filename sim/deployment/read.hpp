#pragma once

#include "sim/deployment/deployment.hpp"
#include "sim/scenario/section.hpp"

/// The parts of a deployment's file, each with its ranges. In the order in which they must be read:
/// later ones lean on earlier ones.

namespace compot::deployment {

using scenario::Section;

void read_mesh(Section& mesh, Deployment& out);
void read_measured(Section& air, Deployment& out, const ReadFile& read_file);
/// Whoever is listed, and how many there are; needs read_mesh() and read_measured().
void read_nodes(Section& mesh, Deployment& out);
void read_air(Section section, Deployment& out);
void read_traffic(Section section, Deployment& out);
void read_mobility(Section section, Deployment& out);
void read_churn(Section section, Deployment& out);
void read_happenings(Section& root, Deployment& out);
void read_energy(Section section, Deployment& out);
void read_foreign(Section section, Deployment& out);

/// The number of the node that is called so: a listed one's own name, "n1", "n2", ... otherwise.
[[nodiscard]] std::optional<std::size_t> node_named(const Deployment& deployment,
                                                    const std::string& name);

/// "n1" for the first.
[[nodiscard]] std::string default_name(std::size_t number);

}  // namespace compot::deployment
