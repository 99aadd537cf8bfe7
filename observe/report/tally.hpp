#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "observe/report/account.hpp"
#include "observe/report/slots.hpp"
#include "observe/report/stories.hpp"
#include "observe/sink.hpp"

/// Adds up what a Sink is told: of a story, of a mesh of plain radios, of a real node, while it
/// happens or from its recording. Its memory does not grow with the length of a run. It draws
/// nothing.

namespace compot::report {

class Tally final : public observe::Sink {
public:
    explicit Tally(observe::World world);

    void node(Time at, const observe::NodeCard& card) override;

    void policy(Time, const observe::PolicyMap&) override {}

    void flight_started(Time at, const observe::FlightStarted& flight) override;
    void flight_ended(Time at, const observe::FlightEnded& flight) override;
    void job(Time at, const observe::JobStep& step) override;

    void ledger(Time, const observe::LedgerLine&) override {}

    void obstacle(Time, const observe::Obstacle&) override {}

    void site(Time, const observe::Site&) override {}

    void photo(Time, const observe::Photo&) override {}

    void log(Time, const observe::LogLine&) override {}

    /// `whole`: false when what was told ends before the run did. Nothing may be told afterwards.
    [[nodiscard]] Account finish(Time until, const std::string& outcome, const std::string& reason,
                                 bool whole = true);

private:
    /// A packet that may still be relayed.
    struct Open {
        Who from = 0;
        Time begun{};
        Time touched{};
        std::uint8_t hop_limit = 0;
        KindAccount* kind = nullptr;
        /// By node: 1 + its distance class when it should get the packet and has not yet, else 0.
        std::vector<std::uint8_t> missing;
        std::optional<std::uint64_t> story;
    };

    struct Flying {
        Who transmitter = 0;
        Time begun{};
        Duration airtime{};
        std::uint8_t hop_limit = 0;
        std::uint64_t packet = 0;
    };

    void see(Time at);
    Who who(NodeId id);
    void move(Time at, NodeAccount& node, const observe::Place& to);
    void count(const observe::FlightStarted& flight, Who transmitter, KindAccount& kind);
    void open(Time at, const observe::FlightStarted& flight, Who from, KindAccount& kind);
    [[nodiscard]] bool wanted(const observe::FlightStarted& flight, Who from, Who who) const;
    void count_tries(Who transmitter);
    void take(Time at, const Flying& flying, Open& open, const observe::Reception& heard);
    void forget_old(Time now);

    Account account_;
    Slots slots_;
    Stories stories_;
    std::unordered_map<NodeId, Who> places_;
    std::unordered_map<std::uint64_t, Open> open_;
    std::unordered_map<std::uint64_t, Flying> flying_;
    std::unordered_map<std::uint32_t, std::size_t> jobs_;

    /// How many nodes with power are in each class around a transmitter, until anybody moves.
    struct Around {
        std::uint64_t as_of = 0;
        std::array<std::uint32_t, kDistanceClasses> nodes{};
    };

    std::vector<Around> around_;
    std::uint64_t changes_ = 1;
    Time forgot_{};
    bool seen_ = false;
};

}  // namespace compot::report
