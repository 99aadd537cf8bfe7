#pragma once

#include <string>
#include <vector>

#include "core/registry/registry.hpp"

/// What registries hold, in the words of doc/feed.md: who says that it can do what, and when it was
/// last heard.

namespace compot::observe {

/// A node and its registry, which outlives the call.
struct Holder {
    NodeId id;
    const registry::Registry* registry = nullptr;
    Time booted{};  ///< when the node's own time began
};

/// A JSON array with an object for each record of each holder, in this order. A record's tile and
/// charge are left out: nodes write theirs before a body has told them either.
[[nodiscard]] std::string records_json(const std::vector<Holder>& holders);

}  // namespace compot::observe
