#include <cstdio>
#include <fstream>
#include <string>

#include "tests/acceptance/digit_nets.hpp"

/// write_digit_nets DIGITS.csv FOLDER: the nets as files, for images that hold them.
int main(int argc, char** argv) {
    using namespace compot::acceptance;  // NOLINT(google-build-using-namespace): all it is for
    if (argc != 3) return 2;
    const Pictures digits = read_digits(argv[1]);
    if (digits.size() < 1500) {
        std::printf("%s: holds no digits\n", argv[1]);
        return 77;
    }
    const DigitNets nets = train_digit_nets(digits);
    const std::string folder = std::string(argv[2]) + "/";
    const auto write = [&](const char* name, const std::vector<std::uint8_t>& net) {
        std::ofstream file(folder + name, std::ios::binary);
        for (const std::uint8_t byte : net) file.put(static_cast<char>(byte));
        std::printf("%s %.3f\n", name, accuracy(net, nets.unseen));
    };
    write("base.bin", nets.base);
    write("head.bin", nets.head);
    write("light.bin", nets.light);
    write("full.bin", nets.full);
    write("retrained.bin", nets.retrained);
    return 0;
}
