#include "tests/acceptance/firmware/door.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace compot::firmware_stand_in {

Door::Door(std::uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    socklen_t size = sizeof at;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what the sockets' calls take
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, address, &size) != 0) {
        std::perror("firmware_stand_in");
        std::exit(2);
    }
    port_ = ntohs(at.sin_port);
}

Door::~Door() {
    if (client_ >= 0) ::close(client_);
    ::close(listener_);
}

std::string Door::wait(int milliseconds) {
    std::array<pollfd, 3> ready{
        {{STDIN_FILENO, POLLIN, 0}, {listener_, POLLIN, 0}, {client_, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), milliseconds) > 0) {
        if (ready[0].revents != 0) read_typed();
        if (ready[2].revents != 0) read_client();
        if (ready[1].revents != 0) {
            if (client_ >= 0) ::close(client_);
            client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            came_ = true;
            heard_.clear();
        }
    }
    const auto end = typed_.find_last_of('\n');
    if (end == std::string::npos) return {};
    std::string lines = typed_.substr(0, end + 1);
    typed_.erase(0, end + 1);
    return lines;
}

void Door::read_typed() {
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count <= 0) {
        abandoned_ = true;
    } else {
        typed_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void Door::read_client() {
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(client_, bytes.data(), bytes.size());
    if (count <= 0) {
        ::close(client_);
        client_ = -1;
    } else {
        heard_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

bool Door::came_anew() { return std::exchange(came_, false); }

std::string Door::take_heard() { return std::exchange(heard_, {}); }

void Door::say(const std::string& bytes) {
    std::size_t said = 0;
    while (client_ >= 0 && said < bytes.size()) {
        const ssize_t count =
            ::send(client_, bytes.data() + said, bytes.size() - said, MSG_NOSIGNAL);
        if (count <= 0) break;
        said += static_cast<std::size_t>(count);
    }
}

}  // namespace compot::firmware_stand_in
