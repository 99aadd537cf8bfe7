#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "radio/radio.hpp"
#include "sim/talk/talk.hpp"

/// The meshes that are measured: radios strewn evenly over a square, LongFast, everybody a CLIENT
/// with the firmware's settings, texts of 36 bytes to everybody at exponential intervals.

namespace compot::bench {

struct MeshTerms {
    std::size_t radios = 1'000;
    /// Those that decode a radio, were the square without edges; near its edges they are fewer.
    std::uint32_t neighbours = 10;
    radio::Firmware firmware = radio::Firmware::V27;
    bool encrypts = false;
    Duration text_every = 15min;  ///< of each radio, on average
    std::uint64_t seed = 1;
};

class Mesh {
public:
    explicit Mesh(const MeshTerms& terms);

    void run_until(Time until);

    [[nodiscard]] const talk::Talk& talk() const { return *talk_; }

    [[nodiscard]] std::uint64_t texts() const { return texts_; }

    /// Mean number of others that decode a radio. COST: that of so many links.
    [[nodiscard]] double neighbours() const;

    /// A digest of what all radios have counted: the same seed, the same digest.
    [[nodiscard]] std::uint64_t digest() const;

private:
    void add_radios();

    MeshTerms terms_;
    std::unique_ptr<talk::Talk> talk_;
    Random traffic_;
    Time next_text_{};
    std::uint32_t texts_ = 0;
};

}  // namespace compot::bench
