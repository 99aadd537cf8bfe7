#include "tests/acceptance/serial/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "core/base/check.hpp"

namespace compot::serial_noise {

void Terminal::plug() {
    ours_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    COMPOT_CHECK(ours_ >= 0 && ::grantpt(ours_) == 0 && ::unlockpt(ours_) == 0);
    const std::string there = ::ptsname(ours_);
    theirs_ = ::open(there.c_str(), O_RDWR | O_NOCTTY);
    COMPOT_CHECK(theirs_ >= 0);
    termios raw{};
    ::tcgetattr(theirs_, &raw);
    ::cfmakeraw(&raw);
    COMPOT_CHECK(::tcsetattr(theirs_, TCSANOW, &raw) == 0);
    std::remove(name_.c_str());
    COMPOT_CHECK(::symlink(there.c_str(), name_.c_str()) == 0);
}

void Terminal::unplug() {
    ::close(theirs_);
    ::close(ours_);
    std::remove(name_.c_str());
}

void Terminal::write(BytesView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(ours_, bytes.data(), bytes.size());
        COMPOT_CHECK(written > 0);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

std::size_t Terminal::read(MutableBytes into) {
    pollfd readable{ours_, POLLIN, 0};
    if (::poll(&readable, 1, 1) <= 0 || (readable.revents & POLLIN) == 0) return 0;
    const auto got = ::read(ours_, into.data(), into.size());
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

}  // namespace compot::serial_noise
