#include "edge/train/scene_trainer.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/random.hpp"
#include "edge/scene/net_classifier.hpp"

namespace compot::train {
namespace {

/// Plain, rows, columns or a board, in two random colours: what tells them apart is the pattern.
scene::Image pattern(std::uint64_t seed, learn::TileClass what) {
    Random random(seed, static_cast<std::uint64_t>(what), 1);
    std::array<std::array<std::uint32_t, 3>, 2> colours{};
    for (std::size_t c = 0; c < 3; ++c) {
        colours[0][c] = random.below(256);
        colours[1][c] = (colours[0][c] + 100 + random.below(56)) % 256;
    }
    const auto shift = random.below(4);
    scene::Image image{16, 16, {}};
    for (std::uint32_t y = 0; y < 16; ++y) {
        for (std::uint32_t x = 0; x < 16; ++x) {
            const std::uint32_t row = (y + shift) / 2 % 2;
            const std::uint32_t column = (x + shift) / 2 % 2;
            const std::array<std::uint32_t, 4> which{0, row, column, row ^ column};
            for (const auto level : colours[which[static_cast<std::size_t>(what)]]) {
                image.rgb.push_back(static_cast<std::uint8_t>(level));
            }
        }
    }
    return image;
}

SceneTraining small(std::uint64_t seed) { return {seed, 400, 12, 16, {8, 16}}; }

TEST(SceneTrainer, teaches_patterns_to_an_int8_net) {
    const auto bytes = train_scene_net(small(1), pattern, [](unsigned) {});
    auto classifier = scene::NetClassifier::from_bytes(bytes);
    ASSERT_TRUE(classifier.ok()) << classifier.error().sentence;
    const Evaluation evaluation = evaluate(**classifier, 1, 400, pattern);
    EXPECT_EQ(evaluation.frames(), 400U);
    EXPECT_GE(evaluation.right_permille(), 950U);
}

TEST(SceneTrainer, gives_the_same_bytes_for_a_seed_and_others_for_another) {
    const auto with = [](std::uint64_t seed) {
        return train_scene_net({seed, 40, 2, 16, {8}}, pattern, [](unsigned) {});
    };
    EXPECT_EQ(with(3), with(3));
    EXPECT_NE(with(3), with(4));
}

TEST(SceneTrainer, reports_progress_to_its_end) {
    std::vector<unsigned> told;
    static_cast<void>(train_scene_net({1, 40, 1, 16, {8}}, pattern,
                                      [&](unsigned permille) { told.push_back(permille); }));
    ASSERT_FALSE(told.empty());
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
    EXPECT_EQ(told.back(), 1000U);
}

TEST(Evaluate, never_uses_a_picture_that_a_training_used) {
    std::set<std::uint64_t> trained;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        static_cast<void>(train_scene_net(
            {seed, 20, 1, 16, {4}},
            [&](std::uint64_t frame, learn::TileClass what) {
                trained.insert(frame);
                return pattern(frame, what);
            },
            [](unsigned) {}));
    }
    const auto classifier = scene::NetClassifier::built_in();
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        static_cast<void>(
            evaluate(*classifier, seed, 20, [&](std::uint64_t frame, learn::TileClass what) {
                EXPECT_EQ(trained.count(frame), 0U);
                return pattern(frame, what);
            }));
    }
}

class Silent final : public scene::SceneClassifier {
public:
    [[nodiscard]] Result<scene::Scene, scene::Failure> classify(const scene::Image&) override {
        return scene::Failure{Error::NotReady, "asleep"};
    }
};

TEST(Evaluate, counts_no_answer_as_no_right_answer) {
    Silent silent;
    const Evaluation evaluation = evaluate(silent, 1, 8, pattern);
    EXPECT_EQ(evaluation.failures, 8U);
    EXPECT_EQ(evaluation.frames(), 8U);
    EXPECT_EQ(evaluation.right_permille(), 0U);
}

}  // namespace
}  // namespace compot::train
