#include "observe/lasting.hpp"

#include <gtest/gtest.h>

#include "observe/recording.hpp"
#include "observe/scripted_story.hpp"

namespace compot::observe {
namespace {

const World kWorld{"scripted", 7, "", 25, Source::Recording, {}};

std::string by_all(const std::vector<Event>& events, std::size_t count, const FeedLimits& limits) {
    Feed feed(kWorld, limits);
    for (std::size_t i = 0; i < count; ++i) tell(feed, events[i]);
    return feed.snapshot();
}

std::string by_the_lasting(const std::vector<Event>& events, std::size_t count,
                           const FeedLimits& limits) {
    Feed feed(kWorld, limits);
    for (const std::size_t place : lasting(events, count, limits)) tell(feed, events[place]);
    return feed.snapshot();
}

TEST(Lasting, comes_to_the_same_state_all_along_a_story) {
    const auto events = scripted_story({});
    FeedLimits tight;
    tight.packets = 3;
    tight.log_lines = 4;
    tight.ledger_lines = 1;
    tight.photos = 1;
    tight.jobs = 1;
    tight.job_steps = 2;
    for (std::size_t count = 0; count <= events.size(); count += 23) {
        ASSERT_EQ(by_the_lasting(events, count, {}), by_all(events, count, {})) << count;
        ASSERT_EQ(by_the_lasting(events, count, tight), by_all(events, count, tight)) << count;
    }
}

TEST(Lasting, is_few_of_many) {
    std::vector<Event> events;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        NodeCard card;
        card.id = NodeId{i % 10};
        card.queue = i;
        FlightStarted flight;
        flight.flight = i;
        events.push_back({Time{Duration{i}}, card});
        events.push_back({Time{Duration{i}}, flight});
        events.push_back({Time{Duration{i}}, FlightEnded{i, {}}});
    }
    EXPECT_LE(lasting(events, events.size()).size(), 10U + 2 * FeedLimits{}.packets);
    EXPECT_EQ(by_the_lasting(events, events.size(), {}), by_all(events, events.size(), {}));
}

}  // namespace
}  // namespace compot::observe
