#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "radio/frame.hpp"

/// Which packets a radio has met, and who was heard relaying them. Bounded: when full, the packet
/// that was met longest ago is forgotten. Grows on demand, so that ten thousand quiet radios are
/// cheap.

namespace compot::radio {

class History {
public:
    static constexpr std::size_t kRelayersMax = 6;

    struct Record {
        std::uint8_t next_hop = kNoHop;  ///< of the first copy
        std::uint8_t hop_limit = 0;      ///< the highest heard
        std::uint8_t own_hop_limit = 0;  ///< with which we sent it
        /// We, and who carried our copy on; the latest first, 0: none.
        std::array<std::uint8_t, kRelayersMax> relayers{};

        [[nodiscard]] bool relayed_by(std::uint8_t node) const;
        /// The only one heard relaying it is `node`.
        [[nodiscard]] bool relayed_only_by(std::uint8_t node) const;
        void add_relayer(std::uint8_t node);
        /// We send it: from now on we know who carries it on from us.
        void sent_by(std::uint8_t us, std::uint8_t with_hop_limit);
        /// A copy was heard: its transmitter counts if it may have had the packet from us.
        void heard_from(std::uint8_t us, const Header& header);
    };

    /// REQUIRES: capacity > 0.
    explicit History(std::uint16_t capacity) : capacity_(capacity) {}

    /// Null when it was never met, or is forgotten. Valid until the next call of insert().
    [[nodiscard]] Record* find(NodeId from, PacketId id);

    /// REQUIRES: not there. The oldest makes room when full.
    Record& insert(NodeId from, PacketId id, Time now);

    /// It was met again: it is the youngest now.
    void touch(const Record& record, Time now);

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

private:
    // Kept apart so that a search, most often of a packet that is there, reads bytes in a row.
    std::vector<std::uint8_t> tags_;
    std::vector<std::uint64_t> keys_;
    std::vector<std::uint32_t> met_ms_;
    std::vector<Record> records_;
    std::uint16_t capacity_;
};

}  // namespace compot::radio
