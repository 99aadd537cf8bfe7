#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

/// What a link between sites is like: how long to wait, what it may cost. Plain values.

namespace compot::bridge {

struct LinkProfile {
    std::string name;
    Duration gather;         ///< changes within so long are told together
    Duration yield;          ///< of two that differ, the higher number lets the other speak first
    Duration again;          ///< what was not answered is said again, each time after twice as long
    Duration again_most;     ///< ... up to this
    Duration patience;       ///< for help nearby, before a request is sent abroad
    Duration work;           ///< for a node to answer a request that was awarded to its site
    Duration lease;          ///< after which an awarded job is offered to others
    Duration look_patience;  ///< for somebody who looks at a picture
    std::uint32_t bytes_per_hour = 0;  ///< with all that carries them; see kCarrierBytes
    std::uint16_t batch_bytes = 0;     ///< of items, or of a picture's piece, in one envelope
    std::uint32_t picture_bytes = 0;   ///< of a picture, which is made as small
    int picture_side = 0;              ///< ... in pixels of its longer edge
};

/// Of each envelope besides itself and its topic: a PUBLISH and its PUBACK with their headers of
/// TCP and IPv4. SOURCE: MQTT 5 sections 3.3 and 3.4, and 40 bytes for each of four segments.
inline constexpr std::size_t kCarrierBytes = 180;

/// A line that is there and costs nothing.
[[nodiscard]] LinkProfile lan();
/// Slow, dear, and away most of the time: minutes between words, 60 kB an hour.
[[nodiscard]] LinkProfile satellite();

/// "lan" or "satellite". ERRORS: one sentence.
[[nodiscard]] Result<LinkProfile, std::string> profile_named(const std::string& name);

/// All its times divided by `factor`, and its budget multiplied: a day in minutes, for tests.
[[nodiscard]] LinkProfile hurried(LinkProfile profile, std::int64_t factor);

/// Bytes as an hour allows them, with at most an hour's worth put by.
class Budget {
public:
    explicit Budget(std::uint32_t bytes_per_hour);

    /// False, and nothing is taken, when there is not so much; `reserve` is left to others.
    [[nodiscard]] bool pay(std::size_t bytes, std::size_t reserve, Time now);
    /// When so much could be paid.
    [[nodiscard]] Time affordable_at(std::size_t bytes, std::size_t reserve, Time now);

    [[nodiscard]] std::uint32_t per_hour() const { return per_hour_; }

private:
    void refill(Time now);

    std::uint32_t per_hour_;
    std::int64_t micro_bytes_;  ///< millionths: an hour's worth fits 63 bits
    Time counted_{};
};

}  // namespace compot::bridge
