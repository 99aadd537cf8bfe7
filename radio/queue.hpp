#pragma once

#include <cstdint>
#include <forward_list>

#include "core/base/time.hpp"
#include "radio/frame.hpp"
#include "radio/packet.hpp"

/// Sealed packets that wait for the air: at most sixteen, the most urgent first. When full, a less
/// urgent one makes room for a more urgent one; else the new one is refused.

namespace compot::radio {

inline constexpr std::size_t kQueueMax = 16;

/// A packet as it will be sent, encrypted.
struct Waiting {
    Header header;
    Bytes<kFrameBytesMax - kHeaderBytes> payload;
    Priority priority = Priority::Default;
    bool own = true;     ///< else a relay of what was heard like this:
    bool early = false;  ///< relayed in the routers' window
    std::int16_t snr_cdb = 0;
    Time not_before{};  ///< late window: sent after everybody else; epoch: no such wait

    [[nodiscard]] bool late() const { return not_before != Time{}; }
};

/// Each in a place of its own, which goes from list to list and is never copied. Most radios have
/// none, so an empty list is a word. What hands over a packet hands over a list of one; an empty
/// one says that there is none.
using WaitingList = std::forward_list<Waiting>;

class Queue {
public:
    [[nodiscard]] bool empty() const { return items_.empty(); }

    [[nodiscard]] std::size_t size() const;

    [[nodiscard]] std::size_t free() const { return kQueueMax - size(); }

    /// REQUIRES: not empty.
    [[nodiscard]] Waiting& front() { return items_.front(); }

    [[nodiscard]] const Waiting& front() const { return items_.front(); }

    /// False when it was refused. `evicted` receives what had to go for it, if anything. REQUIRES:
    /// one item.
    [[nodiscard]] bool push(WaitingList item, WaitingList& evicted);

    /// REQUIRES: not empty.
    [[nodiscard]] WaitingList pop();

    /// Null when it does not wait here.
    [[nodiscard]] Waiting* find(NodeId from, PacketId id);

    /// Empty when it does not wait here.
    [[nodiscard]] WaitingList remove(NodeId from, PacketId id);

private:
    using Before = WaitingList::const_iterator;  ///< the place before the one that is meant

    void insert(WaitingList item);
    [[nodiscard]] WaitingList take_after(Before before);
    [[nodiscard]] Before before_victim(Priority priority) const;

    WaitingList items_;
};

}  // namespace compot::radio
