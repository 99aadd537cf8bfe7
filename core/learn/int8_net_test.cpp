#include "core/learn/int8_net.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"

namespace compot::learn {
namespace {

/// A layer as a person would write it down; the reference below computes from this and not from
/// what the parser made of it.
struct Plan {
    LayerKind kind = LayerKind::Convolution;
    int kernel_height = 1;
    int kernel_width = 1;
    int stride = 1;
    bool same = false;
    int channels = 1;
    int zero = 0;
    int low = -128;
    int high = 127;
    std::vector<int> bias, multiplier, shift, weights;
};

struct NetPlan {
    int height = 1, width = 1, channels = 1, zero = 0;
    std::uint32_t output_step_q16 = 0;
    std::vector<Plan> layers;
};

std::vector<std::uint8_t> bytes_of(const NetPlan& net) {
    std::vector<std::uint8_t> bytes(200'000);
    ByteWriter out(bytes);
    for (const char letter : std::string("CN8\x01")) out.u8(static_cast<std::uint8_t>(letter));
    for (const int side : {net.height, net.width, net.channels}) {
        out.u16(static_cast<std::uint16_t>(side));
    }
    out.write(static_cast<std::int8_t>(net.zero));
    out.u32(net.output_step_q16);
    out.u8(static_cast<std::uint8_t>(net.layers.size()));
    for (const Plan& layer : net.layers) {
        out.u8(static_cast<std::uint8_t>(layer.kind));
        out.u8(static_cast<std::uint8_t>(layer.kernel_height));
        out.u8(static_cast<std::uint8_t>(layer.kernel_width));
        out.u8(static_cast<std::uint8_t>(layer.stride));
        out.u8(layer.same ? 1 : 0);
        out.u16(static_cast<std::uint16_t>(layer.channels));
        for (const int value : {layer.zero, layer.low, layer.high}) {
            out.write(static_cast<std::int8_t>(value));
        }
        for (std::size_t i = 0; i < layer.bias.size(); ++i) {
            out.write(static_cast<std::int32_t>(layer.bias[i]));
            out.write(static_cast<std::int32_t>(layer.multiplier[i]));
            out.write(static_cast<std::int8_t>(layer.shift[i]));
        }
        for (const int weight : layer.weights) out.write(static_cast<std::int8_t>(weight));
    }
    bytes.resize(out.size());
    return bytes;
}

struct Tensor {
    int height, width, channels;
    std::vector<int> values;

    [[nodiscard]] int at(int row, int column, int channel) const {
        return values[static_cast<std::size_t>((row * width + column) * channels + channel)];
    }
};

int output_size(int in, int kernel, int stride, bool same) {
    return same ? (in + stride - 1) / stride : (in - kernel) / stride + 1;
}

int padding(int in, int kernel, int stride, bool same) {
    const int out = output_size(in, kernel, stride, same);
    return same ? std::max((out - 1) * stride + kernel - in, 0) / 2 : 0;
}

/// One output, tap by tap from the definition; a tap outside the input adds nothing.
int output_at(const Plan& layer, const Tensor& in, int zero, int y, int x, int channel) {
    const int top =
        y * layer.stride - padding(in.height, layer.kernel_height, layer.stride, layer.same);
    const int left =
        x * layer.stride - padding(in.width, layer.kernel_width, layer.stride, layer.same);
    std::int64_t sum = has_weights(layer.kind) ? layer.bias[static_cast<std::size_t>(channel)] : 0;
    int most = -128;
    int area = 0;
    for (int ky = 0; ky < layer.kernel_height; ++ky) {
        for (int kx = 0; kx < layer.kernel_width; ++kx) {
            const int row = top + ky;
            const int column = left + kx;
            if (row < 0 || column < 0 || row >= in.height || column >= in.width) continue;
            ++area;
            if (layer.kind == LayerKind::Convolution) {
                for (int c = 0; c < in.channels; ++c) {
                    const int tap =
                        ((channel * layer.kernel_height + ky) * layer.kernel_width + kx) *
                            in.channels +
                        c;
                    sum += (in.at(row, column, c) - zero) *
                           layer.weights[static_cast<std::size_t>(tap)];
                }
            } else if (layer.kind == LayerKind::Depthwise) {
                const int tap = (ky * layer.kernel_width + kx) * in.channels + channel;
                sum += (in.at(row, column, channel) - zero) *
                       layer.weights[static_cast<std::size_t>(tap)];
            } else {
                sum += in.at(row, column, channel);
                most = std::max(most, in.at(row, column, channel));
            }
        }
    }
    std::int64_t value = most;
    if (has_weights(layer.kind)) {
        const auto index = static_cast<std::size_t>(channel);
        value = requantise(static_cast<std::int32_t>(sum), layer.multiplier[index],
                           layer.shift[index]) +
                std::int64_t{layer.zero};
    } else if (layer.kind == LayerKind::AveragePool) {
        value = std::llround(static_cast<double>(sum) / area);
    }
    return static_cast<int>(std::clamp<std::int64_t>(value, layer.low, layer.high));
}

Tensor reference(const NetPlan& net, Tensor in) {
    int zero = net.zero;
    for (const Plan& layer : net.layers) {
        Tensor out{output_size(in.height, layer.kernel_height, layer.stride, layer.same),
                   output_size(in.width, layer.kernel_width, layer.stride, layer.same),
                   layer.channels,
                   {}};
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                for (int c = 0; c < out.channels; ++c) {
                    out.values.push_back(output_at(layer, in, zero, y, x, c));
                }
            }
        }
        in = out;
        zero = layer.zero;
    }
    return in;
}

std::vector<std::int8_t> run(const Int8Net& net, const std::vector<int>& input) {
    const std::vector<std::int8_t> in(input.begin(), input.end());
    std::vector<std::int8_t> arena(net.arena_bytes());
    const auto out = net.run(in, arena);
    return {out.begin(), out.end()};
}

/// The example of doc/net-format.md.
const std::vector<std::uint8_t> kExample{
    0x43, 0x4E, 0x38, 0x01, 0x02, 0x00, 0x02, 0x00, 0x01, 0x00, 0x80, 0x00, 0x80,
    0x00, 0x00, 0x02, 0x01, 0x02, 0x02, 0x01, 0x00, 0x02, 0x00, 0x80, 0x80, 0x7F,  // layer 1
    0x64, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0xFE,                          // its channels
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x60, 0xFD, 0x01, 0x02, 0x03, 0x04,
    0xFF, 0xFE, 0x03, 0x7F,                                       // its weights
    0x03, 0x01, 0x01, 0x01, 0x00, 0x02, 0x00, 0x80, 0x90, 0x7F};  // layer 2

TEST(Int8Net, computes_the_example_of_the_format_document) {
    const auto net = Int8Net::parse(kExample);
    ASSERT_TRUE(net.ok()) << to_string(net.error());
    EXPECT_EQ(net->input_shape(), (TensorShape{2, 2, 1}));
    EXPECT_EQ(net->output_shape(), (TensorShape{1, 1, 2}));
    EXPECT_EQ(net->output_step_q16(), 0x8000U);
    EXPECT_EQ(net->products(), 8U);
    EXPECT_EQ(net->arena_bytes(), 4U);
    // (1, 2, 3, 10) above the zero point; sums 100 + 54 and 1274; scaled by 1/8 and 3/32. The
    // second is 119.44 exactly: rounding 955.5 to 956 first, and 119.5 then, makes it 120.
    EXPECT_EQ(run(*net, {-127, -126, -125, -118}),
              (std::vector<std::int8_t>{-128 + 19, -128 + 120}));
}

TEST(Requantise, rounds_halves_away_from_zero_as_gemmlowp_does) {
    constexpr std::int32_t kHalf = 1 << 30;  // with shift n: value * 2^(n - 1)
    EXPECT_EQ(requantise(7, kHalf, 1), 7);
    EXPECT_EQ(requantise(3, kHalf, 0), 2);
    EXPECT_EQ(requantise(-3, kHalf, 0), -1);  // 2.0 after the nudge is cut towards zero
    EXPECT_EQ(requantise(1000, kHalf, -4), 31);
    EXPECT_EQ(requantise(-1000, kHalf, -4), -31);
    EXPECT_EQ(requantise(48, kHalf, -4), 2);
    EXPECT_EQ(requantise(-48, kHalf, -4), -2);
    EXPECT_EQ(requantise(0x7FFFFFFF, kHalf, 7), kHalf);  // saturates, and halves
    EXPECT_EQ(requantise(-0x7FFFFFFF, 0, 0), 0);
}

TEST(Requantise, stays_within_one_of_the_exact_product) {
    constexpr std::uint64_t kSeed = 5;
    RecordProperty("seed", static_cast<int>(kSeed));
    Random random{kSeed};
    for (int round = 0; round < 200'000; ++round) {
        const auto value = random.between(-(1 << 24), 1 << 24);
        const auto multiplier = static_cast<std::int32_t>((1U << 30) + random.below(1U << 30));
        const int shift = random.between(-31, 7);
        const double exact = std::ldexp(static_cast<double>(value) * multiplier, shift - 31);
        if (std::abs(exact) > 2e9) continue;
        EXPECT_NEAR(requantise(value, multiplier, shift), exact, 1.0);
    }
}

NetPlan random_net(Random& random) {
    NetPlan net;
    net.height = random.between(1, 9);
    net.width = random.between(1, 9);
    net.channels = random.between(1, 4);
    net.zero = random.between(-128, 127);
    int height = net.height;
    int width = net.width;
    int channels = net.channels;
    int zero = net.zero;
    for (int i = random.between(1, 4); i > 0; --i) {
        Plan layer;
        layer.kind = static_cast<LayerKind>(random.between(1, 4));
        layer.same = random.chance(500'000);
        layer.kernel_height = random.between(1, layer.same ? 5 : height);
        layer.kernel_width = random.between(1, layer.same ? 5 : width);
        layer.stride = random.between(1, 3);
        layer.channels = layer.kind == LayerKind::Convolution ? random.between(1, 5) : channels;
        layer.zero = has_weights(layer.kind) ? random.between(-128, 127) : zero;
        layer.low = random.between(-128, 0);
        layer.high = random.between(1, 127);
        int taps = layer.kernel_height * layer.kernel_width * layer.channels;
        if (layer.kind == LayerKind::Convolution) taps *= channels;
        if (has_weights(layer.kind)) {
            for (int c = 0; c < layer.channels; ++c) {
                layer.bias.push_back(random.between(-10'000, 10'000));
                layer.multiplier.push_back((1 << 30) + random.between(0, (1 << 30) - 1));
                layer.shift.push_back(random.between(-9, -4));
            }
            for (int t = 0; t < taps; ++t) layer.weights.push_back(random.between(-128, 127));
        }
        height = output_size(height, layer.kernel_height, layer.stride, layer.same);
        width = output_size(width, layer.kernel_width, layer.stride, layer.same);
        channels = layer.channels;
        zero = layer.zero;
        net.layers.push_back(layer);
    }
    return net;
}

TEST(Int8Net, agrees_with_the_definition_on_random_nets) {
    constexpr std::uint64_t kSeed = 1;
    RecordProperty("seed", static_cast<int>(kSeed));
    Random random{kSeed};
    for (int round = 0; round < 1000; ++round) {
        const NetPlan plan = random_net(random);
        const auto bytes = bytes_of(plan);
        const auto net = Int8Net::parse(bytes);
        ASSERT_TRUE(net.ok()) << to_string(net.error()) << " in round " << round;
        Tensor in{plan.height, plan.width, plan.channels, {}};
        while (in.values.size() < net->input_shape().size()) {
            in.values.push_back(random.between(-128, 127));
        }
        const auto out = run(*net, in.values);
        ASSERT_EQ(std::vector<int>(out.begin(), out.end()), reference(plan, in).values)
            << "round " << round;
    }
}

TEST(Int8Net, refuses_every_truncation_and_every_extra_byte) {
    for (std::size_t size = 0; size < kExample.size(); ++size) {
        EXPECT_EQ(Int8Net::parse(BytesView{kExample}.first(size)).error(), Error::Truncated)
            << size;
    }
    auto longer = kExample;
    longer.push_back(0);
    EXPECT_EQ(Int8Net::parse(longer).error(), Error::Malformed);
}

TEST(Int8Net, refuses_a_field_that_is_out_of_range) {
    struct Change {
        std::size_t at;
        std::uint8_t value;
        Error error;
    };

    const std::vector<Change> changes{
        {0, 'X', Error::Malformed},    // magic
        {3, 2, Error::Unsupported},    // version
        {4, 0, Error::Malformed},      // no rows
        {5, 0xFF, Error::TooBig},      // 65,282 rows of 2
        {15, 0, Error::Malformed},     // no layers
        {15, 33, Error::TooBig},       // more than the limit
        {16, 0, Error::Malformed},     // kind
        {16, 5, Error::Malformed},     // kind
        {17, 0, Error::Malformed},     // no kernel
        {17, 3, Error::Malformed},     // kernel larger than the input
        {19, 0, Error::Malformed},     // no stride
        {20, 2, Error::Malformed},     // padding
        {24, 0x7F, Error::Malformed},  // clamp to [127, -1] below
        {29, 0x7F, Error::Malformed},  // bias past 2^30
        {33, 0x3F, Error::Malformed},  // multiplier below 2^30
        {34, 8, Error::Malformed},     // shift
        {34, 0xE0, Error::Malformed},  // shift of -32
        {57, 3, Error::Malformed},     // a pool changes the channels
        {59, 0x00, Error::Malformed},  // a pool moves the zero point
    };
    for (const Change& change : changes) {
        auto bytes = kExample;
        bytes[change.at] = change.value;
        if (change.at == 24) bytes[25] = 0xFF;
        const auto net = Int8Net::parse(bytes);
        ASSERT_FALSE(net.ok()) << "byte " << change.at;
        EXPECT_EQ(net.error(), change.error) << "byte " << change.at;
    }
}

TEST(Int8Net, refuses_sums_that_could_overflow) {
    NetPlan net{1, 1, 32'769, 0, 0, {}};
    Plan layer;
    layer.bias = layer.shift = {0};
    layer.multiplier = {1 << 30};
    layer.weights.assign(32'769, 1);
    net.layers.push_back(layer);
    EXPECT_EQ(Int8Net::parse(bytes_of(net)).error(), Error::TooBig);
    net.channels = 32'768;
    net.layers[0].weights.assign(32'768, -128);
    net.layers[0].bias = {-(1 << 30)};
    net.zero = -128;
    const auto bytes = bytes_of(net);
    const auto largest = Int8Net::parse(bytes);
    ASSERT_TRUE(largest.ok());
    EXPECT_EQ(run(*largest, std::vector<int>(32'768, 127)), std::vector<std::int8_t>{-128});
}

}  // namespace
}  // namespace compot::learn
