#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/base/check.hpp"

/// The flights that are on the air at one station: most often none or one, at times many. The first
/// few lie where the station's own state lies, so that a flight touches one cache line for each
/// station that it reaches.

namespace compot::ether {

/// Of a flight at one receiver. Its times are the flight's.
struct Signal {
    std::uint32_t flight = 0;
    std::int16_t level_cdbm = 0;
    bool matters = false;  ///< could be decoded but for others: same modem, and strong enough
    bool same_modem : 1 = false;
    bool told : 1 = false;  ///< strong enough for a line in its receiver's log
    bool collided : 1 = false;
    bool deaf : 1 = false;
    bool off : 1 = false;

    /// Nothing has happened to it so far.
    [[nodiscard]] bool whole() const { return matters && !collided && !deaf && !off; }
};

class Signals {
public:
    [[nodiscard]] bool empty() const { return size_ == 0; }

    [[nodiscard]] Signal* begin() { return many_ != nullptr ? many_.get() : few_.data(); }

    [[nodiscard]] const Signal* begin() const {
        return many_ != nullptr ? many_.get() : few_.data();
    }

    [[nodiscard]] Signal* end() { return begin() + size_; }

    [[nodiscard]] const Signal* end() const { return begin() + size_; }

    void push(const Signal& signal) {
        if (size_ == room_) grow();
        begin()[size_++] = signal;
    }

    /// The last one takes its place. REQUIRES: one of these.
    void remove(Signal* signal) {
        *signal = begin()[size_ - 1];
        --size_;
        if (size_ > 0 || many_ == nullptr) return;
        many_.reset();
        room_ = kFew;
    }

private:
    static constexpr std::uint16_t kFew = 4;

    void grow() {
        const auto room = static_cast<std::uint16_t>(room_ * 2);
        COMPOT_CHECK(room > room_);
        auto more = std::make_unique<Signal[]>(room);
        std::copy(begin(), end(), more.get());
        many_ = std::move(more);
        room_ = room;
    }

    std::unique_ptr<Signal[]> many_;
    std::array<Signal, kFew> few_{};
    std::uint16_t size_ = 0;
    std::uint16_t room_ = kFew;
};

}  // namespace compot::ether
