#pragma once

#include <optional>

#include "core/body/finder.hpp"
#include "core/body/route.hpp"
#include "core/job/helper.hpp"
#include "core/node/common.hpp"

/// The working life of a Compot: it patrols, answers from what it knows, or drives to a blocked
/// Cat, finds it by the strength of its frames, photographs what stands there and signs what it is.

namespace compot::node {

class Rescuer {
public:
    explicit Rescuer(const Config& config);

    void sense(Common& common);
    void wake(Common& common);

    [[nodiscard]] Time wake_at() const { return helper_.wake_at(); }

    void hear(Common& common, NodeId from, const profile::AssistRequest& request);
    void hear(Common& common, NodeId from, const profile::Award& award);
    void hear(Common& common, NodeId from, const profile::Cancel& cancel);
    void hear(Common& common, NodeId from, const profile::Window& window);
    /// Any frame that came straight from its sender.
    void heard_directly(NodeId from, learn::Cell at, std::int16_t rssi_cdbm);
    void run_ended(Common& common, const RunEnded& ended);
    /// A person's picture answers at once what we were unsure of, wherever we are now.
    void show(Common& common, const Shown& shown);
    void outcome_seen(NodeId owner, std::uint32_t nonce);

    [[nodiscard]] const job::Helper& helper() const { return helper_; }

    [[nodiscard]] bool photographing() const { return run_handle_ != 0; }

private:
    /// What a person was asked about.
    struct Question {
        learn::Cell at;
        NodeId asker;
        std::uint32_t nonce = 0;  ///< of the job that waits for it
    };

    void ask_person(Common& common, learn::TileClass guess, std::uint16_t confidence);
    void answer(Common& common, NodeId asker, const learn::Fact& fact);
    [[nodiscard]] std::optional<FixedVector<learn::Fact, kFactsPerDeltaMax>> lacking(
        Common& common, const profile::AssistRequest& request);
    void sign_and_send(Common& common, NodeId asker, const profile::AssistRequest& request,
                       const FixedVector<learn::Fact, kFactsPerDeltaMax>& facts);
    [[nodiscard]] bool repeat_answer(Common& common, NodeId asker,
                                     const profile::AssistRequest& request,
                                     std::size_t missing) const;
    static void say_facts(Common& common, const learn::FactsDelta& delta);
    [[nodiscard]] Duration eta(const Common& common, learn::Cell goal) const;
    void remember_surroundings(const Sensed& body);
    [[nodiscard]] std::optional<learn::Action> unclassified_side(const Common& common) const;
    void photograph(Common& common, learn::Action side);
    [[nodiscard]] learn::Action search_step(Common& common);
    [[nodiscard]] learn::Action patrol_step(const Common& common);
    void stop_working();

    job::Helper helper_;
    body::Finder finder_;
    body::Tiles occupied_;  ///< tiles where it has seen something that no fact explains
    std::size_t waypoint_ = 0;
    std::uint16_t run_handle_ = 0;  ///< 0: no picture is being looked at
    std::uint16_t last_handle_ = 0;
    learn::Cell photographed_;
    std::uint8_t photos_ = 0;
    FixedVector<Question, kQuestionsMax> questions_;
};

}  // namespace compot::node
