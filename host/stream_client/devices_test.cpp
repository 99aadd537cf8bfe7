#include "host/stream_client/devices.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace compot::stream_client {
namespace {

namespace fs = std::filesystem;

class DevicesTest : public ::testing::Test {
protected:
    DevicesTest() : root(fs::path(::testing::TempDir()) / "compot_devices") {
        fs::remove_all(root);
        fs::create_directories(root / "tty");
    }

    ~DevicesTest() override { fs::remove_all(root); }

    void plug(const std::string& name, const std::string& usb_folder, const std::string& product) {
        const fs::path usb = root / usb_folder;
        fs::create_directories(usb / "interface");
        std::ofstream(usb / "product") << product << "\n";
        std::ofstream(usb / "manufacturer") << "Maker\n";
        fs::create_directories(root / "tty" / name);
        fs::create_symlink(usb / "interface", root / "tty" / name / "device");
    }

    fs::path root;
};

TEST_F(DevicesTest, are_usb_ones_with_their_names_in_order) {
    plug("ttyUSB1", "b", "CP2102");
    plug("ttyACM0", "a", "RAK4631");
    fs::create_directories(root / "tty" / "ttyS0");
    fs::create_directories(root / "tty" / "ttyUSB7");
    const auto devices = usb_serial_devices((root / "tty").string());
    ASSERT_EQ(devices.size(), 3U);
    EXPECT_EQ(devices[0].path, "/dev/ttyACM0");
    EXPECT_EQ(devices[0].product, "RAK4631");
    EXPECT_EQ(devices[0].maker, "Maker");
    EXPECT_EQ(devices[1].product, "CP2102");
    EXPECT_EQ(devices[2].product, "") << "one that does not name itself";
}

TEST_F(DevicesTest, are_none_where_nothing_is_listed) {
    EXPECT_TRUE(usb_serial_devices((root / "nowhere").string()).empty());
}

}  // namespace
}  // namespace compot::stream_client
