#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// The kernels of the int8 nets: convolution, depthwise convolution, maximum and average pool, with
/// TensorFlow Lite's int8 semantics, hence the same integers on every machine. They trust what they
/// are given; core/learn/int8_net checks it.

namespace compot::learn {

/// The int8 requantisation of TensorFlow Lite: `value * 2^shift * multiplier / 2^31`, rounded
/// twice as gemmlowp does. REQUIRES: multiplier in [2^30, 2^31) or 0, shift in [-31, 7].
/// SOURCE: tensorflow.org/lite/performance/quantization_spec; gemmlowp's fixed-point document.
[[nodiscard]] std::int32_t requantise(std::int32_t value, std::int32_t multiplier, int shift);

struct TensorShape {
    std::uint16_t height = 0;
    std::uint16_t width = 0;
    std::uint16_t channels = 0;

    [[nodiscard]] constexpr std::size_t size() const {
        return std::size_t{height} * width * channels;
    }

    bool operator==(const TensorShape&) const = default;
};

/// Values go on the air and into files.
enum class LayerKind : std::uint8_t {
    Convolution = 1,  ///< one whose kernel covers the whole input is a dense layer
    Depthwise = 2,    ///< a kernel for each channel
    MaxPool = 3,
    AveragePool = 4,
};

[[nodiscard]] constexpr bool has_weights(LayerKind kind) { return kind <= LayerKind::Depthwise; }

/// Tensors are rows of columns of channels; a convolution's weights are [output channel][kernel
/// row][kernel column][input channel], a depthwise one's [kernel row][kernel column][channel].
struct Int8Layer {
    static constexpr std::size_t kChannelBytes = 9;

    LayerKind kind = LayerKind::MaxPool;
    std::uint8_t kernel_height = 1;
    std::uint8_t kernel_width = 1;
    std::uint8_t stride = 1;
    std::uint8_t pad_top = 0;
    std::uint8_t pad_left = 0;
    std::int8_t in_zero = 0;   ///< the input's zero point
    std::int8_t out_zero = 0;  ///< the output's
    std::int8_t low = -128;    ///< the output is clamped to [low, high]: an activation
    std::int8_t high = 127;
    TensorShape in;
    TensorShape out;
    /// For each output channel: bias (32 bits, little endian), multiplier (32) and shift (8).
    const std::uint8_t* channels = nullptr;
    const std::int8_t* weights = nullptr;
};

/// REQUIRES: `in` and `out` have the sizes of the layer's shapes and don't overlap.
void apply(const Int8Layer& layer, std::span<const std::int8_t> in, std::span<std::int8_t> out);

}  // namespace compot::learn
