#include "host/store/shelf.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace compot::store {
namespace {

namespace fs = std::filesystem;

class ShelfTest : public ::testing::Test {
protected:
    ShelfTest() : folder(::testing::TempDir() + "compot_shelf_test") { fs::remove_all(folder); }

    ~ShelfTest() override { fs::remove_all(folder); }

    std::string folder;
};

using Things = std::vector<std::pair<std::string, std::string>>;

TEST_F(ShelfTest, keeps_replaces_and_drops_over_restarts) {
    {
        auto shelf = Shelf::open(folder);
        ASSERT_TRUE(shelf) << shelf.error();
        ASSERT_TRUE((*shelf)->put("b", std::string("\0two", 4)));
        ASSERT_TRUE((*shelf)->put("a", "one"));
        ASSERT_TRUE((*shelf)->put("c", "three"));
        ASSERT_TRUE((*shelf)->put("a", "another"));
        (*shelf)->drop("c");
    }
    const auto shelf = Shelf::open(folder);
    EXPECT_EQ((*shelf)->all(), (Things{{"a", "another"}, {"b", std::string("\0two", 4)}}));
}

TEST_F(ShelfTest, sweeps_away_what_was_half_written) {
    fs::create_directory(folder);
    std::ofstream(folder + "/x.draft") << "ha";
    const auto shelf = Shelf::open(folder);
    ASSERT_TRUE(shelf);
    EXPECT_TRUE((*shelf)->all().empty());
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(ShelfTest, is_for_its_owner_alone_and_says_where_it_can_not_be) {
    const auto shelf = Shelf::open(folder);
    ASSERT_TRUE((*shelf)->put("a", "x"));

    struct stat status {};

    ASSERT_EQ(::stat((folder + "/a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_FALSE(Shelf::open("/no/such/folder/shelf"));
    fs::remove_all(folder);
    const auto gone = (*shelf)->put("b", "y");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().find(folder), 0U);
}

}  // namespace
}  // namespace compot::store
