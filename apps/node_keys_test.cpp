#include "apps/node_keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "observe/hex.hpp"

namespace compot::apps {
namespace {

namespace fs = std::filesystem;

class NodeKeysTest : public ::testing::Test {
protected:
    NodeKeysTest() : dir(::testing::TempDir() + "compot_node_keys") { fs::remove_all(dir); }

    ~NodeKeysTest() override { fs::remove_all(dir); }

    [[nodiscard]] unsigned mode(const std::string& path) const {
        struct stat status {};

        EXPECT_EQ(::stat((dir + path).c_str(), &status), 0);
        return status.st_mode & 0777U;
    }

    std::string dir;
};

TEST_F(NodeKeysTest, are_drawn_once_and_kept_for_their_owner_alone) {
    const auto first = node_keys(dir);
    ASSERT_TRUE(first) << first.error();
    EXPECT_NE(first->exchange_secret, first->signing_seed);
    EXPECT_EQ(mode(""), 0700U);
    EXPECT_EQ(mode("/keys"), 0600U);
    const auto again = node_keys(dir);
    ASSERT_TRUE(again) << again.error();
    EXPECT_EQ(again->exchange_secret, first->exchange_secret);
    EXPECT_EQ(again->signing_seed, first->signing_seed);
}

TEST_F(NodeKeysTest, are_refused_when_others_can_read_them) {
    ASSERT_TRUE(node_keys(dir));
    fs::permissions(dir + "/keys", fs::perms::group_read, fs::perm_options::add);
    const auto keys = node_keys(dir);
    ASSERT_FALSE(keys);
    EXPECT_NE(keys.error().find("chmod 600"), std::string::npos);
}

TEST_F(NodeKeysTest, are_never_replaced_when_they_can_not_be_understood) {
    ASSERT_TRUE(node_keys(dir));
    for (const char* text : {"", "abc\n", "zz\nzz\n"}) {
        std::ofstream(dir + "/keys") << text;
        EXPECT_FALSE(node_keys(dir)) << text;
        EXPECT_EQ(fs::file_size(dir + "/keys"), std::string(text).size());
    }
}

TEST_F(NodeKeysTest, a_key_is_64_hexadecimal_digits) {
    const std::string digits(64, 'a');
    ASSERT_TRUE(key_of(digits));
    EXPECT_EQ(observe::hex(*key_of(digits)), digits);
    EXPECT_FALSE(key_of(std::string(63, 'a')));
    EXPECT_FALSE(key_of(std::string(65, 'a')));
    EXPECT_FALSE(key_of(std::string(64, 'g')));
}

}  // namespace
}  // namespace compot::apps
