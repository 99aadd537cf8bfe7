#pragma once

#include <optional>

#include "core/body/walker.hpp"
#include "core/job/asker.hpp"
#include "core/node/common.hpp"

/// The working life of a Cat: it walks its policy to the sites, notices that it is blocked, asks,
/// applies the delta that comes, and writes the job's end.

namespace compot::node {

class Worker {
public:
    explicit Worker(const Config& config);

    void restore(std::uint16_t key, BytesView value);
    void boot(Common& common);
    void sense(Common& common);
    void wake(Common& common);

    [[nodiscard]] Time wake_at() const { return asker_.wake_at(); }

    void hear(Common& common, NodeId from, const profile::Offer& offer);
    void hear(Common& common, NodeId from, const profile::Progress& progress);
    void hear(Common& common, NodeId from, const profile::Result& result);
    void hear(Common& common, NodeId from, const profile::Cancel& cancel);
    void hear(Common& common, NodeId from, const profile::Window& window);

    /// Our request of this name has not been answered yet.
    [[nodiscard]] bool waits_for(std::uint32_t nonce) const;

    /// As waits_for(), and the name was drawn in this boot: no recording can answer to it.
    [[nodiscard]] bool waits_afresh_for(std::uint32_t nonce) const {
        return fresh_nonce_ && waits_for(nonce);
    }

    /// Somebody heard our request and can't place us.
    void challenged(Common& common);

    /// A verified delta. True when it answers our request: then it has been dealt with, facts
    /// included; else the facts are the caller's to merge.
    bool take_answer(Common& common, const learn::FactsDelta& delta);

    /// A person ends the open job: its helper is called off, and nobody is asked again about what
    /// stands there. REQUIRES: the job is not answered yet, waits_for().
    void withdraw(Common& common);

    /// The facts have changed otherwise.
    void facts_changed(Common& common);

    [[nodiscard]] const learn::Policy& policy() const { return policy_; }

    [[nodiscard]] const body::Walker& walker() const { return walker_; }

    [[nodiscard]] const job::Asker& asker() const { return asker_; }

    [[nodiscard]] bool resumed_lately(Time now) const { return now < resumed_until_; }

    [[nodiscard]] bool exhausted() const { return exhausted_; }

    /// Blocked and not asking: what would free the way is beyond our safety envelope, or a person
    /// has withdrawn the request.
    [[nodiscard]] bool resigned() const { return resigned_; }

private:
    void plan(Common& common);
    void describe(Common& common);
    // Kept out of sense()'s frame: what they want said is 2 kB, and signing an end is deep enough.
    [[gnu::noinline]] void ask(Common& common, learn::Cell obstacle);
    [[gnu::noinline]] void call_off(Common& common);
    void look_after_recovery(Common& common, const std::optional<learn::Cell>& obstacle,
                             bool site_done);
    void say_all(Common& common, job::Says& says);
    void keep_out(Common& common, const learn::FactsDelta& delta);
    void note_attempt(Common& common, std::uint8_t before);
    void end_restored(Common& common);
    void look_after_job(Common& common, bool site_done);
    void write_end(Common& common, job::Outcome outcome);
    void persist_mission(Common& common) const;

    body::Walker walker_;
    job::Asker asker_;
    learn::Policy policy_;
    std::uint32_t restored_nonce_ = 0;
    bool fresh_nonce_ = true;          ///< of the open job
    profile::Session::Echoes echoes_;  ///< of the open job
    learn::Cell stuck_on_;
    Time resumed_until_{};
    bool moved_since_delta_ = false;
    bool resigned_ = false;     ///< stands at stuck_on_ and does not ask again
    bool people_know_ = false;  ///< of the open job: a person has been asked
    bool exhausted_ = false;    ///< too little battery left to work
};

}  // namespace compot::node
