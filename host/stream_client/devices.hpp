#pragma once

#include <string>
#include <vector>

/// Which serial devices of this machine could be a radio. Opens none of them.

namespace compot::stream_client {

struct Device {
    std::string path;  ///< /dev/ttyACM0
    std::string maker;
    std::string product;
};

/// USB serial devices in order of their names. `classes` is where Linux lists terminals.
[[nodiscard]] std::vector<Device> usb_serial_devices(const std::string& classes = "/sys/class/tty");

}  // namespace compot::stream_client
