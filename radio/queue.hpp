#pragma once

#include <cstdint>
#include <memory>
#include <vector>

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

class Queue {
public:
    [[nodiscard]] bool empty() const { return items_.empty(); }

    [[nodiscard]] std::size_t size() const { return items_.size(); }

    [[nodiscard]] std::size_t free() const { return kQueueMax - items_.size(); }

    /// REQUIRES: not empty.
    [[nodiscard]] Waiting& front() { return *items_.front(); }

    [[nodiscard]] const Waiting& front() const { return *items_.front(); }

    /// False when it was refused. `evicted` receives what had to go for it, if anything.
    [[nodiscard]] bool push(std::unique_ptr<Waiting> item, std::unique_ptr<Waiting>* evicted);

    /// REQUIRES: not empty.
    [[nodiscard]] std::unique_ptr<Waiting> pop();

    /// Null when it does not wait here.
    [[nodiscard]] Waiting* find(NodeId from, PacketId id);

    [[nodiscard]] std::unique_ptr<Waiting> remove(NodeId from, PacketId id);

private:
    void insert(std::unique_ptr<Waiting> item);
    [[nodiscard]] std::size_t victim(Priority priority) const;

    std::vector<std::unique_ptr<Waiting>> items_;
};

}  // namespace compot::radio
