#include "sim/queue/queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/random.hpp"

namespace compot::queue {
namespace {

TEST(Queue, what_was_planned_first_comes_first_at_equal_times) {
    Queue queue;
    for (std::uint32_t i = 0; i < 100; ++i) queue.push(Time{5s}, 0, i);
    for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(queue.pop().subject, i);
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, gives_the_order_of_a_stable_sort_whatever_the_interleaving) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Random random(seed);
        Queue queue;
        std::vector<std::pair<std::int64_t, std::uint32_t>> waiting;
        std::uint32_t planned = 0;
        std::int64_t now = 0;
        for (int step = 0; step < 2'000; ++step) {
            if (waiting.empty() || random.below(5) < 3) {
                const std::int64_t at = now + random.below(50);
                queue.push(Time{Duration{at}}, 1, planned);
                waiting.emplace_back(at, planned++);
                continue;
            }
            const auto least = std::min_element(waiting.begin(), waiting.end());
            ASSERT_EQ(queue.next().subject, least->second) << "seed=" << seed;
            now = to_us(queue.pop().at);
            ASSERT_EQ(now, least->first);
            waiting.erase(least);
            ASSERT_EQ(queue.size(), waiting.size());
        }
    }
}

}  // namespace
}  // namespace compot::queue
