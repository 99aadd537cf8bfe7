#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

/// The packets that the radios of one world remember, each once: four bytes name a packet for all
/// who met it, where its originator and id take eight. Counts who remembers it, and forgets it with
/// the last. For one thread.

namespace compot::radio {

class Names {
public:
    using Name = std::uint32_t;
    static constexpr Name kUnknown = 0xFFFFFFFF;

    /// kUnknown when nobody remembers it.
    [[nodiscard]] Name find(NodeId from, PacketId id);

    /// Its name; one more remembers it.
    Name take(NodeId from, PacketId id);

    /// One less does. REQUIRES: a name that was taken so often.
    void drop(Name name);

    /// How many packets are remembered by anybody.
    [[nodiscard]] std::size_t size() const { return used_; }

private:
    struct Entry {
        NodeId from;
        PacketId id;
        std::uint32_t users = 0;
        Name next = kUnknown;  ///< with the same hash; of those that nobody remembers, any
    };

    [[nodiscard]] Name& bucket(NodeId from, PacketId id);
    [[nodiscard]] bool is(Name name, NodeId from, PacketId id) const;
    void grow();

    std::vector<Entry> entries_;
    std::vector<Name> buckets_;  ///< first of each hash; a power of two of them
    Name free_ = kUnknown;       ///< the first that nobody remembers
    std::size_t used_ = 0;
    Name last_ = kUnknown;  ///< found: a frame's receivers ask for the same one, one after another
};

}  // namespace compot::radio
