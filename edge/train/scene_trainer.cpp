#include "edge/train/scene_trainer.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/check.hpp"
#include "core/base/random.hpp"
#include "core/node/config.hpp"
#include "edge/scene/resize.hpp"
#include "edge/train/float_net.hpp"
#include "edge/train/quantise.hpp"

namespace compot::train {

namespace {

constexpr std::size_t kBatch = 16;
constexpr float kRate = 5e-3F;
constexpr std::size_t kCalibrationFrames = 400;
constexpr std::uint64_t kTrainPurpose = 0x7EAC4;
// The highest bit tells the seeds of evaluation from those of training.
constexpr std::uint64_t kUnseen = 1ULL << 63U;

struct Frame {
    std::vector<std::uint8_t> rgb;
    std::size_t label;
};

learn::TileClass class_in_turn(std::size_t index) {
    return static_cast<learn::TileClass>(index % learn::kTileClasses);
}

std::uint64_t frame_seed(std::uint64_t seed, std::size_t index) {
    return mix64(mix64(seed) + index) & ~kUnseen;
}

/// The picture as it may also have been: mirrored, and in a little more or less light.
void vary(const std::vector<std::uint8_t>& rgb, std::size_t side, Random& random,
          std::vector<float>& out) {
    out.resize(rgb.size());
    const bool mirrored = random.below(2) == 1;
    std::array<float, 3> gain{};
    for (float& factor : gain) factor = static_cast<float>(random.between(850, 1150)) / 1000;
    for (std::size_t row = 0; row < side; ++row) {
        for (std::size_t column = 0; column < side; ++column) {
            const std::size_t from = row * side + (mirrored ? side - 1 - column : column);
            for (std::size_t c = 0; c < 3; ++c) {
                const float level = static_cast<float>(rgb[from * 3 + c]) * gain[c];
                out[(row * side + column) * 3 + c] = (std::min(level, 255.0F) - 128) * kInputStep;
            }
        }
    }
}

void shuffle(std::vector<std::size_t>& order, Random& random) {
    for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    }
}

void learn_batch(FloatNet& net, Adam& adam, const std::vector<Frame>& frames,
                 const std::vector<std::size_t>& batch, float rate, Random& random) {
    auto gradients = net.no_gradients();
    FloatNet::Trace trace;
    std::vector<float> input;
    for (const std::size_t index : batch) {
        vary(frames[index].rgb, net.shape().side, random, input);
        net.forward(input, trace);
        static_cast<void>(net.backward(trace, frames[index].label, gradients));
    }
    const float share = 1.0F / static_cast<float>(batch.size());
    for (Parameters& layer : gradients) {
        for (float& value : layer.weights) value *= share;
        for (float& value : layer.bias) value *= share;
    }
    adam.step(net, gradients, rate);
}

}  // namespace

std::vector<std::uint8_t> train_scene_net(const SceneTraining& training, const FrameSource& source,
                                          const Progress& progress) {
    COMPOT_CHECK(training.frames > 0);
    COMPOT_CHECK(training.epochs > 0);
    constexpr unsigned kRendered = 250;  // permille of the work
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < training.frames; ++i) {
        const auto image = source(frame_seed(training.seed, i), class_in_turn(i));
        frames.push_back({scene::to_square(image, static_cast<int>(training.side)).rgb,
                          i % learn::kTileClasses});
        progress(static_cast<unsigned>(kRendered * (i + 1) / training.frames));
    }

    Random random(training.seed, 0, kTrainPurpose);
    FloatNet net({training.side, training.channels, learn::kTileClasses}, random);
    Adam adam(net);
    std::vector<std::size_t> order(frames.size());
    std::iota(order.begin(), order.end(), 0);
    const std::size_t batches = (frames.size() + kBatch - 1) / kBatch;
    const std::size_t steps = batches * training.epochs;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::size_t begin = step % batches * kBatch;
        if (begin == 0) shuffle(order, random);
        const std::size_t end = std::min(begin + kBatch, order.size());
        const std::vector<std::size_t> batch(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                             order.begin() + static_cast<std::ptrdiff_t>(end));
        const float left = static_cast<float>(steps - step) / static_cast<float>(steps);
        learn_batch(net, adam, frames, batch, kRate * left, random);
        progress(kRendered + static_cast<unsigned>((1000 - kRendered) * (step + 1) / steps));
    }

    std::vector<std::vector<float>> calibration;
    for (std::size_t i = 0; i < std::min(frames.size(), kCalibrationFrames); ++i) {
        calibration.push_back(inputs_of(frames[i].rgb));
    }
    return quantise(net, calibration);
}

std::size_t Evaluation::frames() const {
    std::size_t sum = failures;
    for (const auto& row : confusion) sum = std::accumulate(row.begin(), row.end(), sum);
    return sum;
}

std::size_t Evaluation::right() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < confusion.size(); ++i) sum += confusion[i][i];
    return sum;
}

unsigned Evaluation::right_permille() const {
    return frames() == 0 ? 0 : static_cast<unsigned>(right() * 1000 / frames());
}

Evaluation evaluate(scene::SceneClassifier& classifier, std::uint64_t seed, std::size_t frames,
                    const FrameSource& source) {
    const node::Config usual;
    Evaluation evaluation;
    for (std::size_t i = 0; i < frames; ++i) {
        const learn::TileClass truth = class_in_turn(i);
        const auto answer = classifier.classify(source(frame_seed(seed, i) | kUnseen, truth));
        if (!answer) {
            ++evaluation.failures;
            continue;
        }
        ++evaluation
              .confusion[static_cast<std::size_t>(truth)][static_cast<std::size_t>(answer->what)];
        if (truth == learn::TileClass::Clear ||
            !usual.convinced_by(answer->what, answer->confidence_permille))
            continue;
        ++(answer->what == truth ? evaluation.convincing_right : evaluation.convincing_wrong);
    }
    return evaluation;
}

}  // namespace compot::train
