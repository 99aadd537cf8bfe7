#include "edge/train/quantise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/learn/int8_layer.hpp"

namespace compot::train {

namespace {

constexpr std::size_t kNetBytesMax = 256 * 1024;

/// The largest activations that the calibration pictures gave: of each convolution, and of the
/// logits without their sign.
struct Ranges {
    std::vector<float> outputs;
    float logits = 0;
};

Ranges ranges_of(const FloatNet& net, const std::vector<std::vector<float>>& calibration) {
    Ranges ranges;
    ranges.outputs.assign(net.shape().channels.size(), 0.0F);
    FloatNet::Trace trace;
    for (const auto& input : calibration) {
        net.forward(input, trace);
        for (std::size_t i = 0; i < trace.outputs.size(); ++i) {
            for (const float value : trace.outputs[i]) {
                ranges.outputs[i] = std::max(ranges.outputs[i], value);
            }
        }
        for (const float logit : trace.logits) {
            ranges.logits = std::max(ranges.logits, std::abs(logit));
        }
    }
    return ranges;
}

/// `factor` as multiplier / 2^31 * 2^shift.
void write_factor(ByteWriter& out, double factor) {
    int exponent = 0;
    const double mantissa = std::frexp(factor, &exponent);  // exact: only bits are moved
    auto multiplier = static_cast<std::int64_t>(mantissa * 2147483648.0 + 0.5);
    if (multiplier == 2147483648) {
        multiplier /= 2;
        ++exponent;
    }
    if (exponent < -31) multiplier = exponent = 0;  // too little to show in eight bits
    out.write(static_cast<std::int32_t>(multiplier));
    out.write(static_cast<std::int8_t>(exponent));
}

struct Steps {
    float in;
    float out;
};

/// Bias, multiplier and shift of each output, then the weights output by output. A layer's float
/// weights are [tap][output].
void write_weights(ByteWriter& out, const Parameters& layer, Steps steps) {
    const std::size_t outputs = layer.bias.size();
    const std::size_t taps = layer.weights.size() / outputs;
    std::vector<float> weight_steps(outputs, 0.0F);
    for (std::size_t i = 0; i < layer.weights.size(); ++i) {
        float& step = weight_steps[i % outputs];
        step = std::max(step, std::abs(layer.weights[i]) / 127);
    }
    for (std::size_t to = 0; to < outputs; ++to) {
        weight_steps[to] = std::max(weight_steps[to], 1e-9F);
        const double sum_step =
            static_cast<double>(steps.in) * static_cast<double>(weight_steps[to]);
        const double bias = std::round(static_cast<double>(layer.bias[to]) / sum_step);
        out.write(static_cast<std::int32_t>(std::clamp(bias, -1e9, 1e9)));
        write_factor(out, sum_step / static_cast<double>(steps.out));
    }
    for (std::size_t to = 0; to < outputs; ++to) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            const float scaled = layer.weights[tap * outputs + to] / weight_steps[to];
            out.write(static_cast<std::int8_t>(std::clamp(std::round(scaled), -127.0F, 127.0F)));
        }
    }
}

struct LayerHead {
    learn::LayerKind kind;
    std::size_t kernel;
    int stride;
    bool same;
    std::size_t channels;
    int zero;
};

void write_head(ByteWriter& out, const LayerHead& head) {
    out.u8(static_cast<std::uint8_t>(head.kind));
    out.u8(static_cast<std::uint8_t>(head.kernel));
    out.u8(static_cast<std::uint8_t>(head.kernel));
    out.u8(static_cast<std::uint8_t>(head.stride));
    out.u8(head.same ? 1 : 0);
    out.u16(static_cast<std::uint16_t>(head.channels));
    for (const int value : {head.zero, -128, 127}) out.write(static_cast<std::int8_t>(value));
}

}  // namespace

std::vector<float> inputs_of(const std::vector<std::uint8_t>& rgb) {
    std::vector<float> inputs;
    inputs.reserve(rgb.size());
    for (const std::uint8_t level : rgb) {
        inputs.push_back(static_cast<float>(level - 128) * kInputStep);
    }
    return inputs;
}

std::vector<std::uint8_t> quantise(const FloatNet& net,
                                   const std::vector<std::vector<float>>& calibration) {
    COMPOT_CHECK(!calibration.empty());
    const Ranges ranges = ranges_of(net, calibration);
    const auto& shape = net.shape();
    const std::size_t depth = shape.channels.size();
    const float logit_step = std::max(ranges.logits, 1e-3F) / 127;

    std::vector<std::uint8_t> bytes(kNetBytesMax);
    ByteWriter out(bytes);
    constexpr std::array<std::uint8_t, 4> kMagic{'C', 'N', '8', 1};
    out.bytes(kMagic);
    for (const std::size_t side : {shape.side, shape.side, std::size_t{3}}) {
        out.u16(static_cast<std::uint16_t>(side));
    }
    out.u8(0);  // zero point
    out.u32(static_cast<std::uint32_t>(logit_step * 65536));
    out.u8(static_cast<std::uint8_t>(depth + 2));
    // A ReLU's output starts at its zero point, -128: the clamp to eight bits is the ReLU.
    constexpr int kReluZero = -128;
    float in_step = kInputStep;
    for (std::size_t i = 0; i < depth; ++i) {
        const float out_step = std::max(ranges.outputs[i], 1e-3F) / 255;
        write_head(out, {learn::LayerKind::Convolution, 3, 2, true, shape.channels[i], kReluZero});
        write_weights(out, net.layers()[i], {in_step, out_step});
        in_step = out_step;
    }
    write_head(out, {learn::LayerKind::AveragePool, net.side_after(depth), 1, false,
                     shape.channels.back(), kReluZero});
    write_head(out, {learn::LayerKind::Convolution, 1, 1, false, shape.classes, 0});
    write_weights(out, net.layers().back(), {in_step, logit_step});
    COMPOT_CHECK(!out.failed());
    bytes.resize(out.size());
    return bytes;
}

}  // namespace compot::train
