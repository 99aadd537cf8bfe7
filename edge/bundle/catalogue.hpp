#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"
#include "core/registry/record.hpp"

/// What the edge keeps to serve a swarm: every image and net by its digest, which of them each Cat
/// runs (as the registry tells), and patches between them, made once and kept.

namespace compot::bundles {

class Catalogue {
public:
    /// Returns the digest under which `object` is kept from now on.
    crypto::Digest add(BytesView object);

    [[nodiscard]] const std::vector<std::uint8_t>* find(const crypto::Digest& digest) const;

    /// What a node's record in the registry says; firmware that is not kept here stays unknown.
    void heard(const registry::Record& record);

    void runs(NodeId cat, const crypto::Digest& digest) { running_[cat.value] = digest; }

    /// The patch that takes `cat` to `target`, made on the first call.
    /// ERRORS: Unknown (what the Cat runs, or the target, is not here), Refused (it runs the target
    /// already), TooBig.
    [[nodiscard]] Result<BytesView> patch_for(NodeId cat, const crypto::Digest& target);

    /// How many patches were made and not taken from what is kept.
    [[nodiscard]] std::size_t patches_made() const { return patches_.size(); }

private:
    std::map<crypto::Digest, std::vector<std::uint8_t>> objects_;
    std::map<std::uint32_t, crypto::Digest> running_;
    std::map<std::pair<crypto::Digest, crypto::Digest>, std::vector<std::uint8_t>> patches_;
};

}  // namespace compot::bundles
