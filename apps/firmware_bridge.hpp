#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/simulation.hpp"

/// Real Meshtastic firmware in a simulated world: each one of the scenario's is reached by TCP as
/// its client, what its simulated radio sends goes on our air, what its antenna hears there goes
/// back. Lines have threads of their own; with the world they meet in take_in() and heard() only.
/// doc/firmware-in-the-loop.md

namespace compot::apps {

/// The scenario with what --firmware NAME=tcp:HOST:PORT says: the address of one of its own, or a
/// node whose place the firmware takes. ERRORS: one sentence; also where an address is missing.
[[nodiscard]] Result<scenario::Scenario, std::string> with_firmware(
    scenario::Scenario scenario, const std::vector<std::string>& options);

class FirmwareBridge final : public sim::GuestListener {
public:
    /// Connects to all of them and sees that each is in simulated-radio mode and set as the
    /// scenario is. `say` gets a sentence now and later, on any thread. ERRORS: one sentence of the
    /// first that does not fit, or is not there within `patience`.
    [[nodiscard]] static Result<std::unique_ptr<FirmwareBridge>, std::string> connect(
        const scenario::Scenario& scenario, std::chrono::milliseconds patience,
        std::function<void(const std::string&)> say);
    ~FirmwareBridge() override;

    /// A new world of that scenario. It outlives the next attach() or close().
    void attach(sim::Simulation& world);

    /// Called on any thread when take_in() has work.
    void on_frames(std::function<void()> wake);

    /// On the world's thread, which has come to the present: what was sent meanwhile goes on air.
    void take_in();

    /// On the world's thread.
    void heard(std::size_t guest, BytesView frame, std::int16_t rssi_cdbm,
               std::int16_t snr_cdb) override;

    struct Counts {
        std::string name;
        NodeId self;
        std::uint64_t sent = 0;    ///< transmissions that it made
        std::uint64_t heard = 0;   ///< frames that its antenna received
        std::uint64_t failed = 0;  ///< either, that could not cross: doc says which
    };

    [[nodiscard]] std::vector<Counts> counts() const;

private:
    class Line;

    struct Sent {
        std::size_t guest = 0;
        NodeId transmitter;
        radio::Frame frame;
    };

    FirmwareBridge() = default;
    void sent(Sent what);

    std::vector<std::unique_ptr<Line>> lines_;  ///< guest n's
    sim::Simulation* world_ = nullptr;          ///< of its thread
    std::function<void(const std::string&)> say_;

    std::mutex mutex_;  // guards what follows
    std::vector<Sent> inbox_;
    std::function<void()> wake_ = [] {};
};

}  // namespace compot::apps
