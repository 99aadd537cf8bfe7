#include "host/machine/machine.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/registry/record.hpp"

namespace compot::machine {
namespace {

namespace fs = std::filesystem;

class MachineTest : public ::testing::Test {
protected:
    ~MachineTest() override { fs::remove_all(root); }

    void file(const std::string& path, const std::string& text) const {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << text;
    }

    fs::path root = fs::temp_directory_path() / ("machine_test_" + std::to_string(::getpid()));
};

TEST_F(MachineTest, says_what_is_there_and_nothing_else) {
    file("proc/meminfo", "MemFree: 1 kB\nMemTotal:       8000000 kB\n");
    file("dev/nvidiactl", "");
    file("dev/nvidia-uvm", "");
    const Machine bare = look(root.string());
    EXPECT_GE(bare.cores, 1U);
    EXPECT_EQ(bare.memory_bytes, 8'000'000ULL * 1024);
    EXPECT_TRUE(bare.accelerators.empty()) << "a driver without a card is no accelerator";
    EXPECT_NE(to_text(bare).find("7.6 GB, no accelerator"), std::string::npos) << to_text(bare);
}

TEST_F(MachineTest, finds_cards_and_boards) {
    file("dev/nvidia0", "");
    file("dev/nvidia1", "");
    file("proc/device-tree/model", std::string("NVIDIA Jetson Orin Nano\0rest", 28));
    const Machine machine = look(root.string());
    EXPECT_EQ(machine.accelerators,
              (std::vector<std::string>{"NVIDIA Jetson Orin Nano", "2 NVIDIA GPUs"}));
    file("proc/device-tree/model", "Raspberry Pi 5");
    EXPECT_EQ(look(root.string()).accelerators, std::vector<std::string>{"2 NVIDIA GPUs"});
}

TEST_F(MachineTest, fits_its_size_into_a_capability_record) {
    using namespace registry;
    EXPECT_EQ(capabilities({}), 0U);
    const auto bits = capabilities({6, 8ULL << 30U, {"GPU"}});
    EXPECT_EQ(bits & kAccelerator, kAccelerator);
    EXPECT_EQ(cores_of(bits), 4U) << "at least four of its six";
    EXPECT_EQ(memory_of(bits), 8ULL << 30U);
    const auto vast = capabilities({500, 1ULL << 50U, {}});
    EXPECT_EQ(cores_of(vast), 64U);
    EXPECT_EQ(memory_of(vast), 2ULL << 40U);
    const auto small = capabilities({1, 200ULL << 20U, {}});
    EXPECT_EQ(cores_of(small), 1U);
    EXPECT_EQ(memory_of(small), 128ULL << 20U);
    EXPECT_EQ(memory_of(capabilities({1, 100, {}})), 0U);
}

TEST_F(MachineTest, numbers_models_by_their_names) {
    EXPECT_EQ(model_id("scene-net"), model_id("scene-net"));
    EXPECT_NE(model_id("scene-net"), model_id("scene-net2"));
}

}  // namespace
}  // namespace compot::machine
