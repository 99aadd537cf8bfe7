#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/session.hpp"
#include "tests/acceptance/serial/noise.hpp"
#include "tests/acceptance/serial/terminal.hpp"

/// A radio at the end of a bad serial line: our server's session behind the noise. It keeps the
/// books: what left whole, and what came in.

namespace compot::serial_noise {

class RadioStandIn {
public:
    RadioStandIn(const std::string& device, std::uint64_t seed) : line_(device), noise_(seed) {}

    /// Hears what the client says, and says what there is to say.
    void turn();
    /// A packet for the client; it counts as sent when it leaves whole.
    void deliver(const radio::Packet& packet);
    /// Stops in the middle of a message and comes back after a while, with no memory.
    void reboot();
    /// The cable is pulled in the middle of a message.
    void unplug();

    [[nodiscard]] bool configured() const { return configured_; }

    [[nodiscard]] const std::set<std::uint32_t>& left_whole() const { return left_whole_; }

    [[nodiscard]] const std::multiset<std::uint32_t>& taken() const { return taken_; }

    [[nodiscard]] const Noise::Done& noise() const { return noise_.done(); }

private:
    void say(const std::string& output);
    void say_frame(BytesView frame);
    void stop_in_the_middle();

    Terminal line_;
    Noise noise_;
    client_api::FakeMesh mesh_;
    std::optional<client_api::Session> session_{std::in_place, mesh_, NodeId{42}};
    bool configured_ = false;
    std::set<std::uint32_t> left_whole_;
    std::multiset<std::uint32_t> taken_;
};

}  // namespace compot::serial_noise
