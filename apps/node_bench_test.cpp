#include "apps/node_bench.hpp"

#include <gtest/gtest.h>

#include <future>

#include "edge/scene/decode.hpp"

namespace compot::apps {
namespace {

using Sight = Result<scene::Scene, scene::Failure>;

std::vector<std::uint8_t> picture() { return scene::encode_png({1, 1, {1, 2, 3}}); }

/// Looks when it may.
class Slow final : public scene::SceneClassifier {
public:
    explicit Slow(std::shared_future<void> may) : may_(std::move(may)) {}

    Sight classify(const scene::Image&) override {
        begun.set_value();
        may_.wait();
        begun = {};
        return scene::Scene{learn::TileClass::Movable, 900, "slow"};
    }

    std::promise<void> begun;

private:
    std::shared_future<void> may_;
};

class Far final : public scene::Elsewhere {
public:
    void look(const scene::Image&, scene::OnSeen seen) override { asked.set_value(seen); }

    std::promise<scene::OnSeen> asked;
};

/// An order whose answer is waited for.
struct Waiting {
    Bench::Order order(std::vector<std::uint8_t> file = picture()) {
        Bench::Order order;
        order.file = std::move(file);
        order.seen = [this](const Bench::Seen& seen) { told.set_value(seen.scene); };
        return order;
    }

    std::promise<Sight> told;
};

TEST(Bench, tells_the_oldest_that_it_is_not_looked_at_when_too_many_wait) {
    std::promise<void> may;
    auto slow = std::make_unique<Slow>(may.get_future().share());
    auto begun = slow->begun.get_future();
    std::vector<Waiting> waiting(Bench::kPicturesMax + 2);
    Bench bench(std::move(slow), nullptr);
    bench.look_at(waiting[0].order());
    begun.wait();
    for (std::size_t i = 1; i < waiting.size(); ++i) bench.look_at(waiting[i].order());
    EXPECT_EQ(waiting[1].told.get_future().get().error().cause, Error::NotReady);
    may.set_value();
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (i == 1) continue;
        EXPECT_EQ(waiting[i].told.get_future().get()->backend, "slow") << i;
    }
}

TEST(Bench, says_what_is_wrong_with_a_file_that_is_no_picture) {
    Bench bench(nullptr, nullptr);
    Waiting waiting;
    bench.look_at(waiting.order({1, 2, 3}));
    EXPECT_EQ(waiting.told.get_future().get().error().cause, Error::Unsupported);
}

TEST(Bench, passes_on_what_nobody_here_is_sure_of) {
    Far far;
    Bench bench(nullptr, &far);
    Waiting waiting;
    std::promise<void> passed;
    auto order = waiting.order();
    order.passed_on = [&passed] { passed.set_value(); };
    bench.look_at(std::move(order));
    passed.get_future().wait();
    far.asked.get_future().get()(scene::Scene{learn::TileClass::Immovable, 800, "far"});
    EXPECT_EQ(waiting.told.get_future().get()->backend, "far");
}

}  // namespace
}  // namespace compot::apps
