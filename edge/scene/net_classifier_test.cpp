#include "edge/scene/net_classifier.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.hpp"
#include "edge/scene/softmax.hpp"
#include "edge/scene/weights_text.hpp"

namespace compot::scene {
namespace {

TEST(Softmax, is_within_one_permille_of_the_exact_share) {
    constexpr std::uint64_t kSeed = 2;
    RecordProperty("seed", static_cast<int>(kSeed));
    Random random{kSeed};
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::int8_t> logits;
        for (int i = 0; i < 4; ++i)
            logits.push_back(static_cast<std::int8_t>(random.between(-128, 127)));
        const std::uint32_t step = 1U << random.between(0, 20);
        double sum = 0;
        for (const auto logit : logits) sum += std::exp((logit - logits[0]) * (step / 65536.0));
        EXPECT_NEAR(share_permille(logits, 0, step), 1000 / sum, 1.0);
    }
}

TEST(Softmax, survives_the_largest_step) {
    const std::vector<std::int8_t> logits{127, -128, 127};
    EXPECT_EQ(share_permille(logits, 0, 0xFFFFFFFF), 500);
    EXPECT_EQ(share_permille(logits, 1, 0xFFFFFFFF), 0);
}

/// A net of one layer on a picture of 1 x 1: the classes' logits are 0, red, green and blue.
std::vector<std::uint8_t> colour_net() {
    std::vector<std::uint8_t> bytes{'C', 'N', '8', 1, 1, 0, 1, 0, 3, 0, 0, 0,    0,
                                    1,   0,   1,   1, 1, 1, 1, 0, 4, 0, 0, 0x80, 0x7F};
    for (int channel = 0; channel < 4; ++channel) {
        bytes.insert(bytes.end(), {0, 0, 0, 0, 0, 0, 0, 0x40, 1});  // times one
    }
    bytes.insert(bytes.end(), {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    return bytes;
}

Image one_colour(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Image image{5, 4, {}};
    for (int i = 0; i < 20; ++i) image.rgb.insert(image.rgb.end(), {red, green, blue});
    return image;
}

TEST(NetClassifier, answers_what_its_net_says) {
    const auto classifier = NetClassifier::from_bytes(colour_net());
    ASSERT_TRUE(classifier.ok()) << classifier.error().sentence;
    const auto what = [&](const Image& image) { return (*classifier)->classify(image)->what; };
    EXPECT_EQ(what(one_colour(0, 0, 0)), learn::TileClass::Clear);
    EXPECT_EQ(what(one_colour(200, 100, 0)), learn::TileClass::Movable);
    EXPECT_EQ(what(one_colour(100, 200, 0)), learn::TileClass::Immovable);
    EXPECT_EQ(what(one_colour(100, 0, 200)), learn::TileClass::Dangerous);
}

TEST(NetClassifier, calls_a_tie_by_the_more_dangerous_name) {
    const auto classifier = NetClassifier::from_bytes(colour_net());
    ASSERT_TRUE(classifier.ok());
    const auto scene = (*classifier)->classify(one_colour(255, 255, 255));
    EXPECT_EQ(scene->what, learn::TileClass::Dangerous);
    EXPECT_EQ(scene->confidence_permille, 333);
    EXPECT_EQ(scene->backend, "int8 net");
}

TEST(NetClassifier, refuses_bytes_that_are_no_net_for_scenes) {
    EXPECT_EQ(NetClassifier::from_bytes({}).error().cause, Error::Truncated);
    auto no_logits = colour_net();
    no_logits[13] = 0;
    EXPECT_EQ(NetClassifier::from_bytes(no_logits).error().cause, Error::Unsupported);
    auto oblong = colour_net();
    oblong[6] = 2;
    EXPECT_EQ(NetClassifier::from_bytes(oblong).error().cause, Error::Unsupported);
    EXPECT_EQ(NetClassifier::from_text(weights_to_text("x", oblong)).error().cause,
              Error::Unsupported);
}

TEST(NetClassifier, has_a_net_built_in_that_a_cat_could_hold) {
    const auto classifier = NetClassifier::built_in();
    EXPECT_LE(classifier->net().arena_bytes(), 16U * 1024);
    EXPECT_TRUE(classifier->classify(one_colour(90, 120, 60)).ok());
}

}  // namespace
}  // namespace compot::scene
