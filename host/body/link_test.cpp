#include "host/body/link.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

namespace compot::body {
namespace {

/// What one end heard, line by line.
class Heard {
public:
    OnLine ear() {
        return [this](const std::string& line) {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
            changed_.notify_all();
        };
    }

    std::vector<std::string> wait(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return lines_.size() >= count; });
        return lines_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

stream_client::Address at_port(std::uint16_t port) {
    stream_client::Address address;
    address.place = "127.0.0.1";
    address.port = port;
    return address;
}

TEST(BodyLink, carries_lines_both_ways_and_again_after_the_body_was_away) {
    Heard at_body;
    Heard at_mind;
    Heard troubles;
    auto body = Body::start("127.0.0.1", 0, at_body.ear());
    ASSERT_TRUE(body) << body.error();
    const std::uint16_t port = (*body)->port();
    Mind mind(at_port(port), at_mind.ear(), troubles.ear());
    ASSERT_EQ(troubles.wait(1), (std::vector<std::string>{""}));
    mind.say("act\n");
    EXPECT_EQ(at_body.wait(1), (std::vector<std::string>{"act"}));
    (*body)->say("felt\nfelt again\n");
    EXPECT_EQ(at_mind.wait(2), (std::vector<std::string>{"felt", "felt again"}));

    body->reset();
    EXPECT_EQ(troubles.wait(2).size(), 2U);
    body = Body::start("127.0.0.1", port, at_body.ear());
    ASSERT_TRUE(body) << body.error();
    while (troubles.wait(3).back() != "") {
    }
    mind.say("act again\n");
    EXPECT_EQ(at_body.wait(2).back(), "act again");
}

TEST(BodyLink, drops_a_line_without_end_and_goes_on) {
    Heard at_body;
    Heard troubles;
    auto body = Body::start("127.0.0.1", 0, at_body.ear());
    ASSERT_TRUE(body);
    Heard ignored;
    Mind mind(at_port((*body)->port()), ignored.ear(), troubles.ear());
    troubles.wait(1);
    mind.say(std::string(kLineBytesMax + 1, 'x') + "\nshort\n");
    EXPECT_EQ(at_body.wait(1), (std::vector<std::string>{"short"}));
}

TEST(BodyLink, says_in_one_line_that_a_port_is_in_use) {
    Heard ignored;
    const auto first = Body::start("127.0.0.1", 0, ignored.ear());
    ASSERT_TRUE(first);
    const auto second = Body::start("127.0.0.1", (*first)->port(), ignored.ear());
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().find("is in use"), std::string::npos);
}

}  // namespace
}  // namespace compot::body
