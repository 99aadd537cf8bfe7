#include "host/mqtt/outbox.hpp"

#include <gtest/gtest.h>

namespace compot::mqtt {
namespace {

Message message(const std::string& payload) {
    Message message;
    message.payload = payload;
    return message;
}

TEST(Outbox, gives_each_message_once_in_its_order) {
    Outbox outbox(10, 100);
    const Ticket first = outbox.add(message("a"));
    const Ticket second = outbox.add(message("b"));
    EXPECT_NE(first, 0U);
    EXPECT_NE(first, second);
    EXPECT_TRUE(outbox.ready());
    EXPECT_EQ(outbox.next()->message.payload, "a");
    EXPECT_EQ(outbox.next()->message.payload, "b");
    EXPECT_EQ(outbox.next(), nullptr);
    EXPECT_FALSE(outbox.ready());
    EXPECT_EQ(outbox.size(), 2U);
}

TEST(Outbox, gives_all_again_that_were_not_confirmed) {
    Outbox outbox(10, 100);
    const Ticket first = outbox.add(message("a"));
    const Ticket second = outbox.add(message("b"));
    (void)outbox.next();
    (void)outbox.next();
    EXPECT_TRUE(outbox.remove(first));
    EXPECT_FALSE(outbox.remove(first));
    outbox.rewind();
    EXPECT_EQ(outbox.next()->message.payload, "b");
    EXPECT_EQ(outbox.next(), nullptr);
    outbox.again(second);
    EXPECT_EQ(outbox.next()->message.payload, "b");
}

TEST(Outbox, refuses_what_is_too_much_and_has_room_again) {
    Outbox outbox(2, 10);
    EXPECT_EQ(outbox.add(message("eleven byte")), 0U);
    const Ticket nine = outbox.add(message("nine byte"));
    EXPECT_NE(nine, 0U);
    EXPECT_EQ(outbox.add(message("xy")), 0U);
    EXPECT_NE(outbox.add(message("x")), 0U);
    EXPECT_EQ(outbox.add(message("")), 0U);
    EXPECT_TRUE(outbox.remove(nine));
    EXPECT_NE(outbox.add(message("nine more")), 0U);
}

TEST(Outbox, has_so_many_on_the_way_at_most) {
    Outbox outbox(100, 1000);
    for (std::size_t i = 0; i <= Outbox::kInFlightMax; ++i) (void)outbox.add(message("m"));
    Ticket last = 0;
    for (std::size_t i = 0; i < Outbox::kInFlightMax; ++i) last = outbox.next()->ticket;
    EXPECT_EQ(outbox.next(), nullptr);
    EXPECT_FALSE(outbox.ready());
    EXPECT_TRUE(outbox.remove(last));
    EXPECT_NE(outbox.next(), nullptr);
}

}  // namespace
}  // namespace compot::mqtt
