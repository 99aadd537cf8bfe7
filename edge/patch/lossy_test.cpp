#include "edge/patch/lossy.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/random.hpp"
#include "edge/patch/zones.hpp"
#include "edge/scene/net_classifier.hpp"

namespace compot::patch {
namespace {

using Net = std::vector<std::uint8_t>;

/// The scene net after something like a fine-tune: every weight moved a little.
Net tuned(const Net& base) {
    Random random(3);
    Net net = base;
    for (const bundle::Zone& table : find_nets(base)) {
        if (table.row == 9) continue;
        for (std::uint32_t at = table.start; at < table.start + table.length; ++at) {
            const int from = static_cast<std::int8_t>(net[at]);
            const int to = from + static_cast<int>(random.below(21)) - 10;
            if (to >= -127 && to <= 127) net[at] = static_cast<std::uint8_t>(to);
        }
    }
    return net;
}

/// How near a net is to another, for want of pictures.
double likeness(BytesView a, BytesView b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int by = static_cast<std::int8_t>(static_cast<std::uint8_t>(a[i] - b[i]));
        sum += by * by;
    }
    return 1 / (1 + sum / static_cast<double>(a.size()));
}

TEST(LossyPatch, fits_its_budget_and_says_what_it_costs) {
    const Net base = scene::NetClassifier::built_in()->bytes();
    const Net net = tuned(base);
    const auto exact = make_patch(base, net);
    ASSERT_TRUE(exact.ok());
    LossyOptions options;
    options.budget_bytes = exact->bytes.size() / 2;
    options.accuracy = [&](BytesView made) { return likeness(made, net); };
    const auto made = make_lossy_patch(base, net, options);
    ASSERT_TRUE(made.ok());
    EXPECT_LE(made->patch.bytes.size(), options.budget_bytes);
    EXPECT_EQ(*apply_patch(base, made->patch.bytes), made->net);
    EXPECT_EQ(made->accuracy, likeness(made->net, net));
    EXPECT_GT(made->accuracy, made->old_accuracy);
    EXPECT_EQ(made->exact_accuracy, 1.0);
}

TEST(LossyPatch, refuses_what_is_no_net_or_another_one_and_a_budget_without_room) {
    const Net base = scene::NetClassifier::built_in()->bytes();
    LossyOptions options;
    options.budget_bytes = 5000;
    options.accuracy = [](BytesView) { return 0.5; };
    EXPECT_EQ(make_lossy_patch(Net(100, 1), Net(100, 2), options).error(), Error::Unsupported);
    EXPECT_EQ(make_lossy_patch(base, base, options).error(), Error::Refused);
    EXPECT_EQ(make_lossy_patch(Net(100, 1), base, options).error(), Error::Refused);
    options.budget_bytes = 5;
    EXPECT_EQ(make_lossy_patch(base, tuned(base), options).error(), Error::NoRoom);
}

TEST(Zones, finds_each_table_of_a_net_wherever_it_lies) {
    const Net base = scene::NetClassifier::built_in()->bytes();
    Net image(1001 + base.size(), 0x43);  // 'C'
    std::copy(base.begin(), base.end(), image.begin() + 1001);
    const auto inside = find_nets(image);
    const auto alone = find_nets(base);
    ASSERT_EQ(inside.size(), alone.size());
    ASSERT_FALSE(alone.empty());
    for (std::size_t i = 0; i < alone.size(); ++i) {
        EXPECT_EQ(inside[i].start, alone[i].start + 1001);
        EXPECT_EQ(inside[i].length, alone[i].length);
        EXPECT_EQ(inside[i].row, alone[i].row);
    }
    EXPECT_EQ(alone.back().start + alone.back().length, base.size());
    EXPECT_TRUE(find_nets(BytesView(base).first(base.size() - 1)).empty());
}

}  // namespace
}  // namespace compot::patch
