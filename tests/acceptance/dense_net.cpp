#include "tests/acceptance/dense_net.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/learn/int8_net.hpp"
#include "edge/train/float_net.hpp"
#include "edge/train/matrix.hpp"

namespace compot::acceptance {

namespace {

constexpr std::size_t kSide = 8;
constexpr float kInputStep = 1.0F / 128;  ///< a full pixel is 1
constexpr std::size_t kBatch = 16;
constexpr float kMomentum = 0.9F;
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kLayerBytes = 10;
constexpr std::size_t kChannelBytes = 9;

std::int8_t input_of(float pixel) {
    return static_cast<std::int8_t>(std::clamp(std::lround(pixel / kInputStep) - 128, -128L, 127L));
}

/// `factor` as multiplier / 2^31 * 2^shift, mantissa at least a half.
void write_factor(ByteWriter& out, double factor) {
    int exponent = 0;
    const double mantissa = std::frexp(factor, &exponent);
    out.write(static_cast<std::int32_t>(std::min(mantissa * 2147483648.0, 2147483647.0)));
    out.write(static_cast<std::int8_t>(exponent));
}

}  // namespace

Pictures read_digits(const char* path) {
    std::ifstream file(path);
    Pictures pictures;
    for (std::string line; std::getline(file, line);) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream numbers(line);
        Picture picture;
        picture.pixels.resize(kSide * kSide);
        for (float& pixel : picture.pixels) {
            numbers >> pixel;
            pixel /= 16;
        }
        numbers >> picture.label;
        if (numbers) pictures.push_back(std::move(picture));
    }
    return pictures;
}

Pictures displaced(const Pictures& pictures) {
    Pictures made = pictures;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        for (std::size_t y = 0; y < kSide; ++y) {
            for (std::size_t x = 0; x < kSide; ++x) {
                const float seen = x == 0 ? 0.0F : pictures[i].pixels[y * kSide + x - 1];
                made[i].pixels[y * kSide + x] = 0.2F + 0.6F * seen;
            }
        }
    }
    return made;
}

DenseNet::DenseNet(const std::vector<std::size_t>& sizes, Random& random) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
        Layer layer;
        layer.inputs = sizes[i];
        layer.outputs = sizes[i + 1];
        layer.weights.resize(layer.inputs * layer.outputs);
        // He's initialisation; a sum of four even draws is near enough to a normal one.
        const float size = std::sqrt(2.0F / static_cast<float>(layer.inputs));
        for (float& weight : layer.weights) {
            float sum = 0;
            for (int draw = 0; draw < 4; ++draw)
                sum += static_cast<float>(random.between(-10000, 10000)) / 11547.0F;
            weight = sum * size;
        }
        layer.bias.resize(layer.outputs);
        layer.weight_speed.resize(layer.weights.size());
        layer.bias_speed.resize(layer.outputs);
        layers_.push_back(std::move(layer));
    }
}

std::vector<std::vector<float>> DenseNet::forward(const std::vector<const Picture*>& batch) const {
    std::vector<std::vector<float>> values(1);
    for (const Picture* picture : batch)
        values[0].insert(values[0].end(), picture->pixels.begin(), picture->pixels.end());
    for (const Layer& layer : layers_) {
        std::vector<float> out(batch.size() * layer.outputs);
        for (std::size_t i = 0; i < batch.size(); ++i)
            std::copy(layer.bias.begin(), layer.bias.end(),
                      out.begin() + static_cast<std::ptrdiff_t>(i * layer.outputs));
        train::add_product(out.data(), {values.back().data(), layer.inputs},
                           {layer.weights.data(), layer.outputs}, batch.size(), layer.outputs,
                           layer.inputs);
        if (&layer != &layers_.back())
            for (float& value : out) value = std::max(value, 0.0F);
        values.push_back(std::move(out));
    }
    return values;
}

void DenseNet::descend(const std::vector<const Picture*>& batch, const Course& course) {
    const auto values = forward(batch);
    std::vector<float> slope = values.back();
    const std::size_t classes = layers_.back().outputs;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::span<float> row(slope.data() + i * classes, classes);
        train::softmax(row, row);
        row[batch[i]->label] -= 1;
    }
    for (std::size_t index = layers_.size(); index-- > course.first_layer;) {
        Layer& layer = layers_[index];
        const std::vector<float>& in = values[index];
        std::vector<float> weight_slope(layer.weights.size());
        train::add_product(weight_slope.data(), {in.data(), 1, layer.inputs},
                           {slope.data(), layer.outputs}, layer.inputs, layer.outputs,
                           batch.size());
        std::vector<float> below(batch.size() * layer.inputs);
        if (index > course.first_layer) {
            std::vector<float> turned(layer.weights.size());
            for (std::size_t from = 0; from < layer.inputs; ++from)
                for (std::size_t to = 0; to < layer.outputs; ++to)
                    turned[to * layer.inputs + from] = layer.weights[from * layer.outputs + to];
            train::add_product(below.data(), {slope.data(), layer.outputs},
                               {turned.data(), layer.inputs}, batch.size(), layer.inputs,
                               layer.outputs);
            for (std::size_t i = 0; i < below.size(); ++i)
                if (in[i] <= 0) below[i] = 0;
        }
        const float rate = course.rate / static_cast<float>(batch.size());
        for (std::size_t i = 0; i < weight_slope.size(); ++i) {
            layer.weight_speed[i] = kMomentum * layer.weight_speed[i] - rate * weight_slope[i];
            layer.weights[i] += layer.weight_speed[i];
            const float moved = layer.weights[i] - layer.weights_before[i];
            const float kept = std::max(std::abs(moved) - course.rate * course.thrift, 0.0F);
            layer.weights[i] = layer.weights_before[i] + std::copysign(kept, moved);
        }
        for (std::size_t to = 0; to < layer.outputs; ++to) {
            float sum = 0;
            for (std::size_t i = 0; i < batch.size(); ++i) sum += slope[i * layer.outputs + to];
            layer.bias_speed[to] = kMomentum * layer.bias_speed[to] - rate * sum;
            layer.bias[to] += layer.bias_speed[to];
        }
        slope = std::move(below);
    }
}

void DenseNet::learn(const Pictures& pictures, const Course& course, Random& random) {
    for (Layer& layer : layers_) {
        std::fill(layer.weight_speed.begin(), layer.weight_speed.end(), 0.0F);
        std::fill(layer.bias_speed.begin(), layer.bias_speed.end(), 0.0F);
        layer.weights_before = layer.weights;
    }
    std::vector<std::size_t> order(pictures.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t epoch = 0; epoch < course.epochs; ++epoch) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
        for (std::size_t begin = 0; begin < order.size(); begin += kBatch) {
            std::vector<const Picture*> batch;
            for (std::size_t i = begin; i < std::min(begin + kBatch, order.size()); ++i)
                batch.push_back(&pictures[order[i]]);
            descend(batch, course);
        }
    }
}

DenseNet::Grid DenseNet::grid(const Pictures& pictures) const {
    constexpr float kRoom = 1.25F;
    Grid grid;
    for (const Layer& layer : layers_) {
        std::vector<float> steps(layer.outputs);
        for (std::size_t i = 0; i < layer.weights.size(); ++i) {
            float& step = steps[i % layer.outputs];
            step = std::max(step, std::abs(layer.weights[i]) * kRoom / 127);
        }
        grid.weight_steps.push_back(std::move(steps));
    }
    std::vector<const Picture*> all;
    for (const Picture& picture : pictures) all.push_back(&picture);
    const auto values = forward(all);
    for (std::size_t i = 1; i < values.size(); ++i) {
        float most = 0;
        for (const float value : values[i]) most = std::max(most, std::abs(value));
        grid.activation_steps.push_back(most * kRoom / (i + 1 < values.size() ? 255 : 127));
    }
    return grid;
}

std::vector<std::uint8_t> DenseNet::quantised(const Grid& grid) const {
    std::vector<std::uint8_t> bytes(256 * 1024);
    ByteWriter out(bytes);
    for (const char letter : {'C', 'N', '8'}) out.u8(static_cast<std::uint8_t>(letter));
    out.u8(1);
    out.u16(1);
    out.u16(1);
    out.u16(static_cast<std::uint16_t>(layers_[0].inputs));
    out.write(std::int8_t{-128});
    out.u32(static_cast<std::uint32_t>(grid.activation_steps.back() * 65536));
    out.u8(static_cast<std::uint8_t>(layers_.size()));
    float in_step = kInputStep;
    for (std::size_t index = 0; index < layers_.size(); ++index) {
        const Layer& layer = layers_[index];
        const bool last = index + 1 == layers_.size();
        for (const int field : {1, 1, 1, 1, 0}) out.u8(static_cast<std::uint8_t>(field));
        out.u16(static_cast<std::uint16_t>(layer.outputs));
        out.write(static_cast<std::int8_t>(last ? 0 : -128));
        out.write(std::int8_t{-128});
        out.write(std::int8_t{127});
        const float out_step = grid.activation_steps[index];
        for (std::size_t to = 0; to < layer.outputs; ++to) {
            const float step = in_step * grid.weight_steps[index][to];
            out.write(static_cast<std::int32_t>(std::lround(layer.bias[to] / step)));
            write_factor(out, static_cast<double>(step) / static_cast<double>(out_step));
        }
        for (std::size_t to = 0; to < layer.outputs; ++to) {
            for (std::size_t from = 0; from < layer.inputs; ++from) {
                const float weight = layer.weights[from * layer.outputs + to];
                const long step = std::lround(weight / grid.weight_steps[index][to]);
                out.write(static_cast<std::int8_t>(std::clamp(step, -127L, 127L)));
            }
        }
        in_step = out_step;
    }
    COMPOT_CHECK(!out.failed());
    bytes.resize(out.size());
    return bytes;
}

void DenseNet::snap(const Grid& grid) {
    float in_step = kInputStep;
    for (std::size_t index = 0; index < layers_.size(); ++index) {
        Layer& layer = layers_[index];
        for (std::size_t i = 0; i < layer.weights.size(); ++i) {
            const float step = grid.weight_steps[index][i % layer.outputs];
            const long steps = std::clamp(std::lround(layer.weights[i] / step), -127L, 127L);
            layer.weights[i] = static_cast<float>(steps) * step;
        }
        for (std::size_t to = 0; to < layer.outputs; ++to) {
            const float step = in_step * grid.weight_steps[index][to];
            layer.bias[to] = static_cast<float>(std::lround(layer.bias[to] / step)) * step;
        }
        in_step = grid.activation_steps[index];
    }
}

double accuracy(const std::vector<std::uint8_t>& net, const Pictures& pictures) {
    const auto parsed = learn::Int8Net::parse(net);
    COMPOT_CHECK(parsed.ok());
    std::vector<std::int8_t> arena(parsed->arena_bytes());
    std::size_t right = 0;
    for (const Picture& picture : pictures) {
        std::array<std::int8_t, kSide * kSide> input{};
        std::transform(picture.pixels.begin(), picture.pixels.end(), input.begin(), input_of);
        const auto logits = parsed->run(input, arena);
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        right += static_cast<std::size_t>(best) == picture.label ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(pictures.size());
}

std::vector<WeightRange> weight_ranges(const std::vector<std::uint8_t>& net) {
    std::vector<WeightRange> ranges;
    std::size_t inputs = net[8] | (std::size_t{net[9]} << 8U);
    std::size_t at = kHeaderBytes;
    for (std::size_t layer = 0; layer < net[15]; ++layer) {
        const std::size_t outputs = net[at + 5] | (std::size_t{net[at + 6]} << 8U);
        at += kLayerBytes + kChannelBytes * outputs;
        ranges.push_back({at, inputs * outputs, inputs});
        at += inputs * outputs;
        inputs = outputs;
    }
    COMPOT_CHECK(at == net.size());
    return ranges;
}

}  // namespace compot::acceptance
