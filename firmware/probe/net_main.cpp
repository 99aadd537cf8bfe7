// What one answer of the scene net costs a Cat, and that it is the host's answer to the bit.

#include <array>
#include <cstdint>

#include "core/learn/int8_net.hpp"
#include "firmware/board/semihosting.hpp"
#include "firmware/probe/meter.hpp"

namespace {

using namespace compot;

/// edge/scene/weights.txt, as bytes that the build has written.
constexpr auto kNet = std::to_array<std::uint8_t>({
#include "firmware/probe/net.inc"
});

std::array<std::int8_t, 32 * 32 * 3> input;
std::array<std::int8_t, 8 * 1024> arena;

}  // namespace

extern "C" int application() {
    probe::calibrate();
    const auto net = learn::Int8Net::parse(kNet);
    probe::expect("the net is read", net.ok());
    probe::expect("the net fits",
                  net->input_shape().size() == input.size() && net->arena_bytes() <= arena.size());
    for (std::size_t i = 0; i < input.size(); ++i) {
        input[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 256) - 128);
    }
    std::span<const std::int8_t> logits;
    probe::measure("scene_net", [&] { logits = net->run(input, arena); });
    for (const std::int8_t logit : logits) {
        board::print("logit_and_128", static_cast<std::uint32_t>(logit + 128));
    }
    return 0;
}
