#include "edge/train/float_net.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "edge/train/matrix.hpp"

namespace compot::train {
namespace {

std::vector<float> random_values(Random& random, std::size_t size) {
    std::vector<float> values;
    while (values.size() < size) {
        values.push_back(static_cast<float>(random.between(-1000, 1000)) / 1000);
    }
    return values;
}

TEST(Exponential, is_close_to_the_exact_one) {
    for (float value = -80; value < 80; value += 0.0371F) {
        const double exact = std::exp(static_cast<double>(value));
        EXPECT_NEAR(static_cast<double>(exponential(value)) / exact, 1.0, 2e-5) << value;
    }
    EXPECT_GT(exponential(-1e9F), 0.0F);
    EXPECT_TRUE(std::isfinite(exponential(1e9F)));
}

TEST(Matrix, product_is_that_of_the_definition_for_every_small_size) {
    Random random{4};
    for (std::size_t rows = 1; rows <= 9; ++rows) {
        for (std::size_t columns = 1; columns <= 17; ++columns) {
            for (const std::size_t depth : {1U, 2U, 7U}) {
                const auto left = random_values(random, rows * depth);
                const auto right = random_values(random, depth * columns);
                std::vector<float> sums(rows * columns, 1.0F);
                std::vector<float> flipped(rows * columns, 1.0F);
                std::vector<float> left_columns(left.size());
                for (std::size_t i = 0; i < left.size(); ++i) {
                    left_columns[i % depth * rows + i / depth] = left[i];
                }
                add_product(sums.data(), {left.data(), depth}, {right.data(), columns}, rows,
                            columns, depth);
                add_product(flipped.data(), {left_columns.data(), 1, rows}, {right.data(), columns},
                            rows, columns, depth);
                EXPECT_EQ(sums, flipped);
                for (std::size_t i = 0; i < sums.size(); ++i) {
                    float sum = 1.0F;
                    for (std::size_t k = 0; k < depth; ++k) {
                        sum += left[i / columns * depth + k] * right[k * columns + i % columns];
                    }
                    ASSERT_NEAR(sums[i], sum, 1e-4F);
                }
            }
        }
    }
}

/// How far moving one weight by a little moves the loss, measured.
double measured_slope(FloatNet& net, const std::vector<float>& input, std::size_t label,
                      float& weight) {
    constexpr float kLittle = 1e-3F;
    const auto loss = [&] {
        FloatNet::Trace trace;
        net.forward(input, trace);
        std::vector<double> shares;
        double sum = 0;
        for (const float logit : trace.logits) sum += std::exp(static_cast<double>(logit));
        return std::log(sum) - static_cast<double>(trace.logits[label]);
    };
    const float before = weight;
    weight = before + kLittle;
    const double above = loss();
    weight = before - kLittle;
    const double below = loss();
    weight = before;
    return (above - below) / (2 * static_cast<double>(kLittle));
}

TEST(FloatNet, gradients_are_the_slopes_that_one_measures) {
    for (const std::size_t side : {8U, 7U, 5U}) {
        Random random{side};
        FloatNet net({side, {4, 8}, 3}, random);
        for (auto& layer : net.layers()) {  // away from the kinks of the ReLUs
            for (float& bias : layer.bias) bias = 0.3F;
        }
        const auto input = random_values(random, side * side * 3);
        FloatNet::Trace trace;
        net.forward(input, trace);
        auto gradients = net.no_gradients();
        static_cast<void>(net.backward(trace, 1, gradients));
        for (std::size_t layer = 0; layer < gradients.size(); ++layer) {
            auto& weights = net.layers()[layer].weights;
            for (std::size_t i = 0; i < weights.size(); i += 5) {
                EXPECT_NEAR(measured_slope(net, input, 1, weights[i]),
                            static_cast<double>(gradients[layer].weights[i]), 6e-3)
                    << "side " << side << " layer " << layer << " weight " << i;
            }
            auto& bias = net.layers()[layer].bias;
            for (std::size_t i = 0; i < bias.size(); ++i) {
                EXPECT_NEAR(measured_slope(net, input, 1, bias[i]),
                            static_cast<double>(gradients[layer].bias[i]), 6e-3)
                    << "side " << side << " layer " << layer << " bias " << i;
            }
        }
    }
}

TEST(Adam, learns_one_picture_by_heart) {
    Random random{1};
    FloatNet net({8, {8}, 4}, random);
    Adam adam(net);
    const auto input = random_values(random, 8 * 8 * 3);
    float probability = 0;
    for (int step = 0; step < 100; ++step) {
        FloatNet::Trace trace;
        net.forward(input, trace);
        auto gradients = net.no_gradients();
        probability = net.backward(trace, 2, gradients);
        adam.step(net, gradients, 1e-2F);
    }
    EXPECT_GT(probability, 0.99F);
}

}  // namespace
}  // namespace compot::train
