#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"

/// "This is how far I have what each owner wrote": the least that two nodes must tell each other to
/// know who lacks what. It knows nothing of what is written.

namespace compot::sync {

/// Everything of `owner` up to `version`; version 0 is nothing.
struct Mark {
    NodeId owner;
    std::uint16_t version = 0;
    auto operator<=>(const Mark&) const = default;
};

using Marks = FixedVector<Mark, kMarksMax>;

/// How far `marks` goes for this owner; 0 when it does not know it.
[[nodiscard]] inline std::uint16_t version_of(const Marks& marks, NodeId owner) {
    for (const Mark& mark : marks)
        if (mark.owner == owner) return mark.version;
    return 0;
}

/// True if `theirs` goes further than `mine` for any owner.
[[nodiscard]] inline bool any_newer(const Marks& mine, const Marks& theirs) {
    for (const Mark& mark : theirs)
        if (mark.version > version_of(mine, mark.owner)) return true;
    return false;
}

}  // namespace compot::sync
