#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/ids.hpp"
#include "radio/frame.hpp"
#include "radio/names.hpp"

/// Which packets a radio has met, and who was heard relaying them. Bounded: when full, the packet
/// that was met longest ago is forgotten. Grows on demand, so that ten thousand quiet radios are
/// cheap, and keeps most packets in four or five bytes, so that as many busy ones are.

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

    /// Where a packet is; good until the next call of insert(), put() or renew().
    using Place = std::size_t;
    static constexpr Place kNowhere = static_cast<Place>(-1);

    /// `us`: our own short name. Radios of one world share `names`; one without has its own.
    /// REQUIRES: capacity > 0.
    explicit History(std::uint16_t capacity, std::uint8_t us = kNoHop,
                     std::shared_ptr<Names> names = nullptr);
    History(const History&) = delete;
    History& operator=(const History&) = delete;
    ~History();

    /// kNowhere when it was never met, or is forgotten. COST: little for one met lately.
    [[nodiscard]] Place find(NodeId from, PacketId id) const;

    /// REQUIRES: a place that find() or insert() told, here and in the next two.
    [[nodiscard]] Record at(Place place) const;
    void put(Place place, const Record& record);

    /// As put(); it was met again and is the youngest now.
    void renew(Place place, const Record& record);

    /// The youngest. REQUIRES: not there. The oldest makes room when full.
    void insert(NodeId from, PacketId id, const Record& record);

    [[nodiscard]] std::size_t size() const { return end_ - first_; }

    /// A search is about to come: memory may be asked for what it will read first.
    void look_ahead() const;

private:
    /// The arrays in `block_`, by place.
    struct Lists {
        std::uint16_t* low;     ///< of each name
        std::uint16_t* high;    ///< null as long as all would be 0
        std::uint8_t* heads;    ///< hop limit, and which bytes `details` has of it
        std::uint8_t* details;  ///< what else is not as it most often is; relayers
    };

    [[nodiscard]] Lists lists() const;
    [[nodiscard]] Names::Name name_of(Place place) const;
    [[nodiscard]] std::size_t detail_of(Place place) const;
    void resize_details(Place place, std::size_t size);
    void append(Names::Name name, const Record& record);
    void erase(Place place);
    /// For so many packets more, and bytes of details.
    void make_room(std::uint32_t packets, bool wide, std::size_t details);
    void close_gaps();
    void lay_out(std::uint32_t room, std::uint32_t details_room, bool wide);

    std::shared_ptr<Names> all_names_;
    // One block of memory, in it four arrays by age, the oldest first. Kept apart so that a search,
    // most often of a packet that is there, reads bytes in a row. What is forgotten leaves a gap at
    // their begin, which is taken back once in a while.
    std::unique_ptr<std::uint16_t[]> block_;
    std::uint32_t first_ = 0;
    std::uint32_t end_ = 0;
    std::uint32_t room_ = 0;
    std::uint32_t details_first_ = 0;
    std::uint32_t details_end_ = 0;
    std::uint32_t details_room_ = 0;
    std::uint16_t capacity_;
    std::uint8_t us_;
    bool wide_ = false;  ///< `high` is there
};

}  // namespace compot::radio
