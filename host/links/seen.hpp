#pragma once

#include <cstdint>
#include <deque>
#include <unordered_set>

#include "core/base/ids.hpp"

/// Which packets have come already, by whichever link: sender and packet id name one. The last 1024
/// are known; what is older counts as new.

namespace compot::links {

class Seen {
public:
    static constexpr std::size_t kPacketsMax = 1024;

    /// False when it was here before.
    [[nodiscard]] bool first(NodeId from, PacketId id) {
        const std::uint64_t key = std::uint64_t{from.value} << 32U | id.value;
        if (!known_.insert(key).second) return false;
        order_.push_back(key);
        if (order_.size() > kPacketsMax) {
            known_.erase(order_.front());
            order_.pop_front();
        }
        return true;
    }

private:
    std::unordered_set<std::uint64_t> known_;
    std::deque<std::uint64_t> order_;
};

}  // namespace compot::links
