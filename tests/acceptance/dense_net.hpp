#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/random.hpp"

/// A net of dense layers with ReLU, how it learns, and the int8 net that it becomes. Exists so that
/// acceptance checks have weights before and after a fine-tune on real data.

namespace compot::acceptance {

struct Picture {
    std::vector<float> pixels;
    std::size_t label = 0;
};

using Pictures = std::vector<Picture>;

/// The digits of a CSV file: 64 pixels of 0 to 16 and a label in each line. Empty if there is none.
[[nodiscard]] Pictures read_digits(const char* path);

/// The same pictures as a camera sees them that hangs a pixel too far left and gives little
/// contrast.
[[nodiscard]] Pictures displaced(const Pictures& pictures);

class DenseNet {
public:
    /// `sizes` from input to output.
    DenseNet(const std::vector<std::size_t>& sizes, Random& random);

    struct Course {
        std::size_t epochs = 0;
        float rate = 0;
        std::size_t first_layer = 0;  ///< those before it stay as they are
        /// How strongly weights are pulled back to where they began, so that few of them move.
        float thrift = 0;
    };

    /// Stochastic gradient descent with momentum, in an order that `random` decides.
    void learn(const Pictures& pictures, const Course& course, Random& random);

    /// Steps of weights and activations, which a fine-tune of an int8 net keeps.
    struct Grid {
        std::vector<std::vector<float>> weight_steps;  ///< [layer][output]
        std::vector<float> activation_steps;           ///< [layer], its output's
    };

    /// Room for a quarter more than the weights and the activations that `pictures` cause.
    [[nodiscard]] Grid grid(const Pictures& pictures) const;

    /// In the bytes of doc/net-format.md.
    [[nodiscard]] std::vector<std::uint8_t> quantised(const Grid& grid) const;

    /// Becomes what its int8 net says, so that what is not tuned stays as it was to the bit.
    void snap(const Grid& grid);

private:
    struct Layer {
        std::size_t inputs = 0;
        std::size_t outputs = 0;
        std::vector<float> weights;  ///< [input][output]
        std::vector<float> bias;
        std::vector<float> weights_before;  ///< this course
        std::vector<float> weight_speed;
        std::vector<float> bias_speed;
    };

    /// Activations of a batch after each layer, the input first.
    [[nodiscard]] std::vector<std::vector<float>> forward(
        const std::vector<const Picture*>& batch) const;
    void descend(const std::vector<const Picture*>& batch, const Course& course);

    std::vector<Layer> layers_;
};

/// Right answers of an int8 net, of 1.
[[nodiscard]] double accuracy(const std::vector<std::uint8_t>& net, const Pictures& pictures);

/// Where the weights of each layer lie in the bytes of an int8 net of dense layers.
struct WeightRange {
    std::size_t start = 0;
    std::size_t length = 0;
    std::size_t row = 0;  ///< weights of one output
};

[[nodiscard]] std::vector<WeightRange> weight_ranges(const std::vector<std::uint8_t>& net);

}  // namespace compot::acceptance
