#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "core/profile/examples.hpp"
#include "core/profile/frame.hpp"

/// doc/profile.md shows each message in bytes. This holds the page to what the code makes.

namespace compot::profile {
namespace {

std::string hex(BytesView bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", byte);
        text += two;
    }
    return text;
}

TEST(ProfileDoc, shows_each_message_with_the_bytes_that_the_code_makes) {
    std::ifstream file{"doc/profile.md"};
    ASSERT_TRUE(file) << "run from the repository's root";
    std::stringstream text;
    text << file.rdbuf();
    const ExampleSwarm swarm;
    for (const Message& message : example_messages()) {
        const auto frame = seal(swarm.alpha, kExampleId, message);
        ASSERT_TRUE(frame.ok());
        const std::string line = "`" + hex(frame->view()) + "`";
        EXPECT_NE(text.str().find(line), std::string::npos)
            << to_string(type_of(message)) << ", " << frame->size() << " bytes: " << line;
    }
}

}  // namespace
}  // namespace compot::profile
