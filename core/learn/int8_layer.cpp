#include "core/learn/int8_layer.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/check.hpp"

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#endif

namespace compot::learn {

namespace {

/// The high 32 bits of twice the product, rounded to nearest, halves away from zero.
std::int32_t rounding_doubling_high_product(std::int32_t a, std::int32_t b) {
    const std::int64_t product = std::int64_t{a} * b;
    const std::int64_t nudge = product >= 0 ? (1LL << 30) : 1 - (1LL << 30);
    return static_cast<std::int32_t>((product + nudge) / (1LL << 31));
}

/// value / 2^exponent, rounded to nearest, halves away from zero.
std::int32_t rounding_shift_right(std::int32_t value, int exponent) {
    const auto mask = static_cast<std::int32_t>((1LL << exponent) - 1);
    const std::int32_t remainder = value & mask;
    const std::int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

std::int32_t saturate(std::int64_t value) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(
        value, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

struct Channel {
    std::int32_t bias;
    std::int32_t multiplier;
    int shift;
};

std::int32_t read32(const std::uint8_t* at) {
    return static_cast<std::int32_t>(std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8U |
                                     std::uint32_t{at[2]} << 16U | std::uint32_t{at[3]} << 24U);
}

Channel channel_of(const Int8Layer& layer, std::size_t index) {
    const std::uint8_t* at = layer.channels + index * Int8Layer::kChannelBytes;
    return {read32(at), read32(at + 4), static_cast<std::int8_t>(at[8])};
}

std::int8_t activate(const Int8Layer& layer, const Channel& channel, std::int32_t sum) {
    const std::int64_t scaled =
        std::int64_t{requantise(sum, channel.multiplier, channel.shift)} + layer.out_zero;
    return static_cast<std::int8_t>(std::clamp<std::int64_t>(scaled, layer.low, layer.high));
}

/// The part of a kernel that lies on the input, for one output: half-open in kernel coordinates,
/// and where on the input its first corner is.
struct Window {
    std::size_t top, bottom, left, right;
    std::size_t row, column;

    [[nodiscard]] std::size_t area() const { return (bottom - top) * (right - left); }
};

Window window_at(const Int8Layer& layer, std::size_t out_row, std::size_t out_column) {
    const std::size_t row = out_row * layer.stride;  // shifted by pad_top, to stay unsigned
    const std::size_t column = out_column * layer.stride;
    Window window{};
    window.top = layer.pad_top > row ? layer.pad_top - row : 0;
    window.left = layer.pad_left > column ? layer.pad_left - column : 0;
    window.bottom =
        std::min<std::size_t>(layer.kernel_height, layer.in.height + layer.pad_top - row);
    window.right =
        std::min<std::size_t>(layer.kernel_width, layer.in.width + layer.pad_left - column);
    window.row = row + window.top - layer.pad_top;
    window.column = column + window.left - layer.pad_left;
    return window;
}

#if defined(__ARM_FEATURE_DSP)
/// Four products at once: the Cortex-M4 multiplies and adds pairs of sixteen bits in one cycle.
/// The bits are those of the plain loop.
std::int32_t dot(const std::int8_t* values, std::int32_t zero, const std::int8_t* weights,
                 std::size_t size) {
    const auto minus_zero = static_cast<std::uint32_t>(-zero) & 0xFFFFU;
    const auto offset = static_cast<std::int32_t>(minus_zero << 16U | minus_zero);
    std::int32_t sum = 0;
    for (; size >= 4; size -= 4, values += 4, weights += 4) {
        std::uint32_t value_word = 0;
        std::uint32_t weight_word = 0;
        std::memcpy(&value_word, values, 4);
        std::memcpy(&weight_word, weights, 4);
        sum = __smlad(__sxtab16(offset, static_cast<std::int32_t>(value_word)),
                      __sxtb16(static_cast<std::int32_t>(weight_word)), sum);
        sum = __smlad(__sxtab16(offset, static_cast<std::int32_t>(value_word >> 8U)),
                      __sxtb16(static_cast<std::int32_t>(weight_word >> 8U)), sum);
    }
    for (; size > 0; --size) sum += (*values++ - zero) * *weights++;
    return sum;
}
#else
std::int32_t dot(const std::int8_t* values, std::int32_t zero, const std::int8_t* weights,
                 std::size_t size) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += (values[i] - zero) * weights[i];
    return sum;
}
#endif

const std::int8_t* pixel(const Int8Layer& layer, const std::int8_t* in, std::size_t row,
                         std::size_t column) {
    return in + (row * layer.in.width + column) * layer.in.channels;
}

void convolve(const Int8Layer& layer, const Window& window, const std::int8_t* in,
              std::int8_t* out) {
    const std::size_t depth = layer.in.channels;
    const std::size_t kernel_row = layer.kernel_width * depth;
    const std::size_t kernel = layer.kernel_height * kernel_row;
    const std::size_t run = (window.right - window.left) * depth;
    for (std::size_t to = 0; to < layer.out.channels; ++to) {
        const Channel channel = channel_of(layer, to);
        std::int32_t sum = channel.bias;
        const std::int8_t* weights = layer.weights + to * kernel + window.left * depth;
        for (std::size_t at = window.top; at < window.bottom; ++at) {
            const std::size_t row = window.row + at - window.top;
            sum += dot(pixel(layer, in, row, window.column), layer.in_zero,
                       weights + at * kernel_row, run);
        }
        out[to] = activate(layer, channel, sum);
    }
}

/// Calls visit(kernel offset, pixel) for each tap of the window.
template <typename Visit>
void for_each_tap(const Int8Layer& layer, const Window& window, const std::int8_t* in,
                  Visit&& visit) {
    for (std::size_t at = window.top; at < window.bottom; ++at) {
        const std::int8_t* from = pixel(layer, in, window.row + at - window.top, window.column);
        for (std::size_t across = window.left; across < window.right; ++across) {
            visit(at * layer.kernel_width + across, from);
            from += layer.in.channels;
        }
    }
}

void convolve_depthwise(const Int8Layer& layer, const Window& window, const std::int8_t* in,
                        std::int8_t* out) {
    for (std::size_t to = 0; to < layer.out.channels; ++to) {
        const Channel channel = channel_of(layer, to);
        std::int32_t sum = channel.bias;
        for_each_tap(layer, window, in, [&](std::size_t tap, const std::int8_t* from) {
            sum += (from[to] - layer.in_zero) * layer.weights[tap * layer.out.channels + to];
        });
        out[to] = activate(layer, channel, sum);
    }
}

void pool_maximum(const Int8Layer& layer, const Window& window, const std::int8_t* in,
                  std::int8_t* out) {
    for (std::size_t to = 0; to < layer.out.channels; ++to) {
        std::int8_t most = std::numeric_limits<std::int8_t>::min();
        for_each_tap(layer, window, in, [&](std::size_t, const std::int8_t* from) {
            most = std::max(most, from[to]);
        });
        out[to] = std::clamp(most, layer.low, layer.high);
    }
}

void pool_average(const Int8Layer& layer, const Window& window, const std::int8_t* in,
                  std::int8_t* out) {
    const auto area = static_cast<std::int32_t>(window.area());
    for (std::size_t to = 0; to < layer.out.channels; ++to) {
        std::int32_t sum = 0;
        for_each_tap(layer, window, in,
                     [&](std::size_t, const std::int8_t* from) { sum += from[to]; });
        const std::int32_t mean = (sum > 0 ? sum + area / 2 : sum - area / 2) / area;
        out[to] = static_cast<std::int8_t>(std::clamp<std::int32_t>(mean, layer.low, layer.high));
    }
}

}  // namespace

std::int32_t requantise(std::int32_t value, std::int32_t multiplier, int shift) {
    const int left = std::max(shift, 0);
    const int right = std::max(-shift, 0);
    const std::int32_t widened = saturate(std::int64_t{value} * (1LL << left));
    return rounding_shift_right(rounding_doubling_high_product(widened, multiplier), right);
}

void apply(const Int8Layer& layer, std::span<const std::int8_t> in, std::span<std::int8_t> out) {
    COMPOT_CHECK(in.size() == layer.in.size());
    COMPOT_CHECK(out.size() == layer.out.size());
    std::int8_t* to = out.data();
    for (std::size_t row = 0; row < layer.out.height; ++row) {
        for (std::size_t column = 0; column < layer.out.width; ++column) {
            const Window window = window_at(layer, row, column);
            switch (layer.kind) {
                case LayerKind::Convolution: convolve(layer, window, in.data(), to); break;
                case LayerKind::Depthwise: convolve_depthwise(layer, window, in.data(), to); break;
                case LayerKind::MaxPool: pool_maximum(layer, window, in.data(), to); break;
                case LayerKind::AveragePool: pool_average(layer, window, in.data(), to); break;
            }
            to += layer.out.channels;
        }
    }
}

}  // namespace compot::learn
