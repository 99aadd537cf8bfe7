#include "edge/scene/elsewhere.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "core/node/effect.hpp"

namespace compot::scene {
namespace {

using learn::TileClass;

class Here final : public SceneClassifier {
public:
    explicit Here(std::uint16_t confidence, TileClass what = TileClass::Movable)
        : confidence_(confidence), what_(what) {}

    Result<Scene, Failure> classify(const Image&) override {
        return Scene{what_, confidence_, "here"};
    }

private:
    std::uint16_t confidence_;
    TileClass what_;
};

class There final : public Elsewhere {
public:
    void look(const Image&, OnSeen seen) override { asked = std::move(seen); }

    OnSeen asked;
};

class Looking : public ::testing::Test {
protected:
    bool look_at(SceneClassifier* here, Elsewhere* elsewhere) {
        return look({here, elsewhere}, {1, 1, {1, 2, 3}},
                    [this](Result<Scene, Failure> scene) { told = std::move(scene); });
    }

    There there;
    std::optional<Result<Scene, Failure>> told;
};

TEST_F(Looking, stays_here_where_the_model_is_sure) {
    Here sure(node::kSurePermille);
    EXPECT_TRUE(look_at(&sure, &there));
    EXPECT_EQ((*told)->backend, "here");
    EXPECT_FALSE(there.asked);
}

TEST_F(Looking, goes_elsewhere_where_it_is_not) {
    Here unsure(node::kSurePermille - 1);
    EXPECT_FALSE(look_at(&unsure, &there));
    EXPECT_FALSE(told.has_value());
    there.asked(Scene{TileClass::Dangerous, 900, "there"});
    EXPECT_EQ((*told)->what, TileClass::Dangerous);
}

TEST_F(Looking, goes_elsewhere_where_nothing_is_seen_though_something_stands_there) {
    Here blind(990, TileClass::Clear);
    EXPECT_TRUE(look_at(&blind, &there));
    EXPECT_EQ((*told)->what, TileClass::Clear);
    EXPECT_FALSE(look({&blind, &there, true}, {1, 1, {1, 2, 3}}, [](const auto&) {}));
}

TEST_F(Looking, falls_back_on_what_was_seen_here) {
    Here unsure(300);
    (void)look_at(&unsure, &there);
    there.asked(Failure{Error::NotReady, "nobody"});
    EXPECT_EQ((*told)->confidence_permille, 300);
    EXPECT_TRUE(look_at(&unsure, nullptr));
    EXPECT_EQ((*told)->confidence_permille, 300);
}

TEST_F(Looking, needs_no_model_here) {
    EXPECT_FALSE(look_at(nullptr, &there));
    there.asked(Failure{Error::NotReady, "nobody"});
    EXPECT_EQ(told->error().sentence, "nobody");
    EXPECT_TRUE(look_at(nullptr, nullptr));
    EXPECT_EQ(told->error().cause, Error::NotReady);
}

}  // namespace
}  // namespace compot::scene
