#include "host/store/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace compot::store {
namespace {

namespace fs = std::filesystem;

class StoreTest : public ::testing::Test {
protected:
    StoreTest() : file(::testing::TempDir() + "compot_store_test.db") { remove(); }

    ~StoreTest() override { remove(); }

    void remove() const {
        for (const char* part : {"", "-wal", "-shm"}) std::remove((file + part).c_str());
    }

    std::vector<Record> read() const {
        auto store = Store::open(file);
        EXPECT_TRUE(store) << store.error();
        return *(*store)->records();
    }

    std::string file;
};

TEST_F(StoreTest, keeps_replaces_and_forgets) {
    EXPECT_TRUE(read().empty());
    {
        auto store = Store::open(file);
        ASSERT_TRUE((*store)->keep({{7, {1, 2}}, {0x300, {3}}, {9, {9}}}));
        ASSERT_TRUE((*store)->keep({{7, {4}}, {9, {}}, {1000, {}}}));
    }
    EXPECT_EQ(read(), (std::vector<Record>{{7, {4}}, {0x300, {3}}}));
}

TEST_F(StoreTest, is_for_its_owners_eyes_alone) {
    read();

    struct stat status {};

    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(StoreTest, refuses_a_newer_versions_file_and_what_is_no_store) {
    read();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA user_version=2", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const auto newer = Store::open(file);
    ASSERT_FALSE(newer);
    EXPECT_NE(newer.error().find("newer version"), std::string::npos);

    remove();
    std::ofstream(file) << std::string(5000, 'x');
    const auto other = Store::open(file);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().find("not a database"), std::string::npos) << other.error();
}

TEST_F(StoreTest, says_where_it_can_not_be_made) {
    const auto store = Store::open("/no/such/folder/records.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().find("/no/such/folder/records.db: "), 0U);
}

TEST_F(StoreTest, what_can_not_be_kept_changes_nothing) {
    auto store = Store::open(file);
    ASSERT_TRUE((*store)->keep({{1, {1}}}));
    // Another program writes for longer than anybody waits.
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_FALSE((*store)->keep({{1, {2}}, {2, {2}}}));
    sqlite3_close(other);
    EXPECT_EQ(*(*store)->records(), (std::vector<Record>{{1, {1}}}));
    EXPECT_TRUE((*store)->keep({{2, {2}}})) << "later it goes on";
}

}  // namespace
}  // namespace compot::store
