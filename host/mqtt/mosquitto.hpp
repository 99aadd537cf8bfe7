#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// A real broker on a free loopback port, for tests alone: Debian's Mosquitto from .deps/.

namespace compot::mqtt {

class Mosquitto {
public:
    /// False where tools/install.sh has not unpacked it.
    [[nodiscard]] static bool is_here();

    /// Starts it and waits until it answers. `settings` are lines of its configuration besides the
    /// listener; `users` are names with passwords.
    explicit Mosquitto(const std::string& settings = "allow_anonymous true\n",
                       const std::vector<std::pair<std::string, std::string>>& users = {});
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;
    ~Mosquitto();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    [[nodiscard]] std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }

    void stop();   ///< at once, with all that it remembers
    void start();  ///< anew, on the same port
    void halt();   ///< it is there and does nothing
    void resume();

private:
    std::uint16_t port_;
    std::string folder_;
    ::pid_t process_ = 0;
};

}  // namespace compot::mqtt
