#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/time.hpp"
#include "core/registry/record.hpp"
#include "core/sync/marks.hpp"

/// Who can do what, and how fresh that is: the newest record of each node, written by nobody but
/// its owner, so that merging is taking the newest. When full, the node unheard for longest goes
/// (never ourselves). It decides whom to ask and sends nothing.

namespace compot::registry {

inline constexpr Duration kFresh = 2min;
inline constexpr Duration kStale = 15min;
inline constexpr std::uint8_t kBatteryEnoughPercent = 20;

class Registry {
public:
    explicit Registry(NodeId self) : self_(self) {}

    struct Known {
        Record record;
        Time heard{};  ///< anything from the node itself
        std::uint8_t hops = 0;
    };

    /// True if it is newer than what we have. Of two records with one version the greater bytes
    /// hold, so that all nodes agree. Does not count as hearing the node.
    bool merge(const Record& record, Time now);

    /// A frame of the node arrived over so many relays.
    void heard(NodeId node, Time now, std::uint8_t hops);

    /// Whom to ask for all of `wanted`: never ourselves, nobody unheard for kStale. Heard within
    /// kFresh before the others, then enough battery, then fewer hops, then more battery, then the
    /// lower id.
    [[nodiscard]] std::optional<NodeId> best_helper(std::uint16_t wanted, Time now) const;

    [[nodiscard]] const Known* find(NodeId node) const;

    [[nodiscard]] std::size_t size() const { return known_.size(); }

    /// Ascending by node.
    [[nodiscard]] const Known& operator[](std::size_t index) const { return known_[index]; }

    [[nodiscard]] sync::Marks marks() const;

    /// Over all records: equal registries, equal digests. 0 when empty.
    [[nodiscard]] std::uint64_t digest() const;

private:
    [[nodiscard]] Known* held(NodeId node);
    void make_room();

    NodeId self_;
    FixedVector<Known, kRegistryMax> known_;
};

}  // namespace compot::registry
