#pragma once

#include <string>
#include <vector>

#include "apps/node_keys.hpp"
#include "apps/node_world.hpp"

/// What a daemon must know before it starts: from a file of its own (doc/node.md), or the place of
/// a simulated node, whose keys are no secret.

namespace compot::apps {

struct NodeSetup {
    NodeTerms terms;
    std::string channel_name;
    std::vector<std::string> radios;  ///< as a person writes them; none: one that is plugged in
    std::string body;                 ///< empty: a body at rest
    std::string serve;                ///< empty: no page
    std::string bridge;               ///< mqtt://HOST/SITE; empty: no bridge to other sites
    std::string bridge_profile = "lan";
    std::string bridge_pictures = "unsure";  ///< which others look at: unsure, all or none
    std::string data_dir;                    ///< empty: compotastic-NAME
};

/// ERRORS: one sentence with the file, the line and the key, and what was meant.
[[nodiscard]] Result<NodeSetup, std::string> setup_from_file(const std::string& file);
/// With what the node has classified before in the world of this seed.
[[nodiscard]] Result<NodeSetup, std::string> setup_from_scenario(const std::string& file,
                                                                 const std::string& name,
                                                                 std::uint64_t seed = 1);

}  // namespace compot::apps
