#include "host/stream_client/devices.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace compot::stream_client {

namespace {

namespace fs = std::filesystem;

/// A terminal hangs this many folders below the USB device that names itself, at most.
constexpr int kFoldersUp = 4;

std::string first_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

}  // namespace

std::vector<Device> usb_serial_devices(const std::string& classes) {
    std::vector<Device> devices;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(classes, error)) {
        const std::string name = entry.path().filename();
        if (name.rfind("ttyACM", 0) != 0 && name.rfind("ttyUSB", 0) != 0) continue;
        Device device{"/dev/" + name, "", ""};
        fs::path folder = fs::canonical(entry.path() / "device", error);
        for (int i = 0; i < kFoldersUp && !error; ++i, folder = folder.parent_path()) {
            if (!fs::exists(folder / "product", error)) continue;
            device.maker = first_line(folder / "manufacturer");
            device.product = first_line(folder / "product");
            break;
        }
        error.clear();
        devices.push_back(device);
    }
    std::sort(devices.begin(), devices.end(),
              [](const Device& a, const Device& b) { return a.path < b.path; });
    return devices;
}

}  // namespace compot::stream_client
