#include "edge/train/float_net.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "core/base/check.hpp"
#include "edge/train/matrix.hpp"

namespace compot::train {

namespace {

constexpr std::size_t kKernel = 3;
constexpr std::size_t kTaps = kKernel * kKernel;

std::size_t halved(std::size_t side) { return (side + 1) / 2; }

/// Zeros before the first row: TensorFlow's SAME padding for kernel 3 and stride 2.
std::size_t pad_of(std::size_t side) { return side % 2 == 0 ? 0 : 1; }

/// Calls visit(offset in the row of patches, offset in the picture) for each tap on the picture.
template <typename Visit>
void for_each_tap(std::size_t side, std::size_t channels, Visit&& visit) {
    const std::size_t out = halved(side);
    const std::size_t pad = pad_of(side);
    std::size_t patch = 0;
    for (std::size_t y = 0; y < out; ++y) {
        for (std::size_t x = 0; x < out; ++x) {
            for (std::size_t tap = 0; tap < kTaps; ++tap, patch += channels) {
                const std::size_t row = 2 * y + tap / kKernel;  // shifted by pad, to stay unsigned
                const std::size_t column = 2 * x + tap % kKernel;
                if (row < pad || column < pad || row >= side + pad || column >= side + pad)
                    continue;
                visit(patch, ((row - pad) * side + column - pad) * channels);
            }
        }
    }
}

void gather(std::span<const float> picture, std::size_t side, std::size_t channels,
            std::vector<float>& patches) {
    patches.assign(halved(side) * halved(side) * kTaps * channels, 0.0F);
    for_each_tap(side, channels, [&](std::size_t to, std::size_t from) {
        std::copy_n(&picture[from], channels, &patches[to]);
    });
}

void scatter(const std::vector<float>& patches, std::size_t side, std::size_t channels,
             std::vector<float>& picture) {
    picture.assign(side * side * channels, 0.0F);
    for_each_tap(side, channels, [&](std::size_t from, std::size_t to) {
        for (std::size_t c = 0; c < channels; ++c) picture[to + c] += patches[from + c];
    });
}

std::vector<float> transposed(const std::vector<float>& matrix, std::size_t rows,
                              std::size_t columns) {
    std::vector<float> out(matrix.size());
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            out[column * rows + row] = matrix[row * columns + column];
        }
    }
    return out;
}

void repeat_rows(const std::vector<float>& row, std::size_t times, std::vector<float>& out) {
    out.clear();
    for (std::size_t i = 0; i < times; ++i) out.insert(out.end(), row.begin(), row.end());
}

/// Uniform with the variance 2 / inputs, which keeps signals through ReLUs of one size.
/// SOURCE: He et al., "Delving deep into rectifiers", ICCV 2015.
Parameters fresh(std::size_t inputs, std::size_t outputs, Random& random) {
    Parameters layer;
    const float reach = std::sqrt(6.0F / static_cast<float>(inputs));
    for (std::size_t i = 0; i < inputs * outputs; ++i) {
        const auto millionths = static_cast<float>(random.between(-1'000'000, 1'000'000));
        layer.weights.push_back(reach * millionths / 1e6F);
    }
    layer.bias.assign(outputs, 0.0F);
    return layer;
}

void add_to(std::vector<float>& sums, std::span<const float> values) {
    for (std::size_t i = 0; i < values.size(); ++i) sums[i % sums.size()] += values[i];
}

}  // namespace

float exponential(float value) {
    const float scaled = std::clamp(value, -87.0F, 88.0F) * 1.44269504F;
    const auto whole = static_cast<int>(scaled + (scaled < 0 ? -0.5F : 0.5F));
    const float x = (scaled - static_cast<float>(whole)) * 0.69314718F;
    // Taylor's series on [-0.35, 0.35]; the first term left out is below 1e-8.
    constexpr std::array<float, 7> kInverse{1 / 7.0F, 1 / 6.0F, 1 / 5.0F, 1 / 4.0F,
                                            1 / 3.0F, 1 / 2.0F, 1.0F};
    float sum = 1.0F;
    for (const float inverse : kInverse) sum = 1.0F + x * inverse * sum;
    return sum * std::bit_cast<float>(static_cast<std::uint32_t>(whole + 127) << 23U);
}

void softmax(std::span<const float> logits, std::span<float> out) {
    const float most = *std::max_element(logits.begin(), logits.end());
    float sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        out[i] = exponential(logits[i] - most);
        sum += out[i];
    }
    for (float& share : out) share /= sum;
}

FloatNet::FloatNet(const Shape& shape, Random& random) : shape_(shape) {
    COMPOT_CHECK(!shape.channels.empty());
    for (std::size_t i = 0; i < shape.channels.size(); ++i) {
        layers_.push_back(fresh(kTaps * inputs_of(i), shape.channels[i], random));
    }
    layers_.push_back(fresh(shape.channels.back(), shape.classes, random));
}

std::size_t FloatNet::inputs_of(std::size_t convolution) const {
    return convolution == 0 ? 3 : shape_.channels[convolution - 1];
}

std::size_t FloatNet::side_after(std::size_t convolutions) const {
    std::size_t side = shape_.side;
    for (std::size_t i = 0; i < convolutions; ++i) side = halved(side);
    return side;
}

void FloatNet::forward(std::span<const float> input, Trace& trace) const {
    const std::size_t depth = shape_.channels.size();
    trace.patches.resize(depth);
    trace.outputs.resize(depth);
    std::span<const float> in = input;
    for (std::size_t i = 0; i < depth; ++i) {
        const std::size_t taps = kTaps * inputs_of(i);
        const std::size_t places = side_after(i + 1) * side_after(i + 1);
        const std::size_t outputs = shape_.channels[i];
        gather(in, side_after(i), inputs_of(i), trace.patches[i]);
        repeat_rows(layers_[i].bias, places, trace.outputs[i]);
        add_product(trace.outputs[i].data(), {trace.patches[i].data(), taps},
                    {layers_[i].weights.data(), outputs}, places, outputs, taps);
        for (float& value : trace.outputs[i]) value = std::max(value, 0.0F);
        in = trace.outputs[i];
    }
    trace.mean.assign(shape_.channels.back(), 0.0F);
    add_to(trace.mean, in);
    for (float& value : trace.mean) value /= static_cast<float>(in.size() / trace.mean.size());
    trace.logits = layers_.back().bias;
    add_product(trace.logits.data(), {trace.mean.data(), trace.mean.size()},
                {layers_.back().weights.data(), shape_.classes}, 1, shape_.classes,
                trace.mean.size());
}

float FloatNet::backward(const Trace& trace, std::size_t label,
                         std::vector<Parameters>& gradients) const {
    std::vector<float> slope(shape_.classes);
    softmax(trace.logits, slope);
    const float probability = slope[label];
    slope[label] -= 1.0F;

    const std::size_t features = trace.mean.size();
    add_to(gradients.back().bias, slope);
    add_product(gradients.back().weights.data(), {trace.mean.data(), 1, 1},
                {slope.data(), shape_.classes}, features, shape_.classes, 1);
    std::vector<float> mean_slope(features, 0.0F);
    const auto back = transposed(layers_.back().weights, features, shape_.classes);
    add_product(mean_slope.data(), {slope.data(), shape_.classes}, {back.data(), features}, 1,
                features, shape_.classes);

    const std::size_t places = trace.outputs.back().size() / features;
    for (float& value : mean_slope) value /= static_cast<float>(places);
    repeat_rows(mean_slope, places, slope);

    for (std::size_t i = shape_.channels.size(); i-- > 0;) {
        const std::size_t taps = kTaps * inputs_of(i);
        const std::size_t outputs = shape_.channels[i];
        const std::size_t rows = slope.size() / outputs;
        for (std::size_t k = 0; k < slope.size(); ++k) {
            if (trace.outputs[i][k] <= 0.0F) slope[k] = 0.0F;
        }
        add_to(gradients[i].bias, slope);
        add_product(gradients[i].weights.data(), {trace.patches[i].data(), 1, taps},
                    {slope.data(), outputs}, taps, outputs, rows);
        if (i == 0) break;
        const auto weights = transposed(layers_[i].weights, taps, outputs);
        std::vector<float> patches(rows * taps, 0.0F);
        add_product(patches.data(), {slope.data(), outputs}, {weights.data(), taps}, rows, taps,
                    outputs);
        scatter(patches, side_after(i), inputs_of(i), slope);
    }
    return probability;
}

std::vector<Parameters> FloatNet::no_gradients() const {
    std::vector<Parameters> none = layers_;
    for (Parameters& layer : none) {
        std::fill(layer.weights.begin(), layer.weights.end(), 0.0F);
        std::fill(layer.bias.begin(), layer.bias.end(), 0.0F);
    }
    return none;
}

Adam::Adam(const FloatNet& net) : mean_(net.no_gradients()), square_(net.no_gradients()) {}

void Adam::step(FloatNet& net, const std::vector<Parameters>& gradients, float rate) {
    constexpr float kMeanDecay = 0.9F;
    constexpr float kSquareDecay = 0.999F;
    mean_power_ *= kMeanDecay;
    square_power_ *= kSquareDecay;
    const auto update = [&](std::vector<float>& values, const std::vector<float>& slopes,
                            std::vector<float>& mean, std::vector<float>& square) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            mean[i] = kMeanDecay * mean[i] + (1 - kMeanDecay) * slopes[i];
            square[i] = kSquareDecay * square[i] + (1 - kSquareDecay) * slopes[i] * slopes[i];
            const float size = std::sqrt(square[i] / (1 - square_power_)) + 1e-8F;
            values[i] -= rate * mean[i] / (1 - mean_power_) / size;
        }
    };
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        update(net.layers()[i].weights, gradients[i].weights, mean_[i].weights, square_[i].weights);
        update(net.layers()[i].bias, gradients[i].bias, mean_[i].bias, square_[i].bias);
    }
}

}  // namespace compot::train
