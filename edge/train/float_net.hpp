#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/random.hpp"

/// A small convolutional net in floating point, and how it learns: 3 x 3 convolutions of stride 2
/// with ReLU, the mean over what is left of the picture, and a dense layer. It knows nothing of
/// scenes or of integers; edge/train/quantise makes an int8 net of it.

namespace compot::train {

/// A layer's numbers: `weights[(row * 3 + column) * inputs + input][output]` for a convolution,
/// `weights[input][output]` for the dense layer.
struct Parameters {
    std::vector<float> weights;
    std::vector<float> bias;
};

/// Exponential without libm, whose last bit differs between machines. Good to 1e-6 of the value.
[[nodiscard]] float exponential(float value);

/// The classes' probabilities. `out` may be `logits`.
void softmax(std::span<const float> logits, std::span<float> out);

class FloatNet {
public:
    struct Shape {
        std::size_t side = 32;              ///< of the square input, with three channels
        std::vector<std::size_t> channels;  ///< of each convolution's output
        std::size_t classes = 4;
    };

    /// Everything that one picture leaves on its way up: needed to learn from it.
    struct Trace {
        std::vector<std::vector<float>> patches;  ///< each convolution's input, a row per output
        std::vector<std::vector<float>> outputs;  ///< after ReLU
        std::vector<float> mean;
        std::vector<float> logits;
    };

    FloatNet(const Shape& shape, Random& random);

    [[nodiscard]] const Shape& shape() const { return shape_; }

    /// The convolutions in order, then the dense layer.
    [[nodiscard]] std::vector<Parameters>& layers() { return layers_; }

    [[nodiscard]] const std::vector<Parameters>& layers() const { return layers_; }

    [[nodiscard]] std::size_t side_after(std::size_t convolutions) const;

    /// `input` is rows of columns of three channels.
    void forward(std::span<const float> input, Trace& trace) const;

    /// Adds the gradient of the cross entropy against `label` to `gradients`; returns the
    /// probability of the label. REQUIRES: `trace` comes from forward() with these weights.
    float backward(const Trace& trace, std::size_t label, std::vector<Parameters>& gradients) const;

    /// Gradients of zero, in the shape of the layers.
    [[nodiscard]] std::vector<Parameters> no_gradients() const;

private:
    [[nodiscard]] std::size_t inputs_of(std::size_t convolution) const;

    Shape shape_;
    std::vector<Parameters> layers_;
};

/// Adam with its usual constants.
/// SOURCE: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.
class Adam {
public:
    explicit Adam(const FloatNet& net);

    void step(FloatNet& net, const std::vector<Parameters>& gradients, float rate);

private:
    std::vector<Parameters> mean_;
    std::vector<Parameters> square_;
    float mean_power_ = 1;
    float square_power_ = 1;
};

}  // namespace compot::train
