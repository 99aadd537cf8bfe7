#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/air/purse.hpp"
#include "core/crypto/crypto.hpp"
#include "core/job/asker.hpp"
#include "core/node/effect.hpp"
#include "sim/report.hpp"

/// What happened, for the report: counted from what nodes did and said, and from where bodies went.
/// It decides nothing in the world.

namespace compot::sim {

/// A digest over everything that it is told, fed in pieces.
class Trace {
public:
    void add(std::uint64_t value);
    [[nodiscard]] std::string hex() const;

private:
    void fold();

    crypto::Digest state_{};
    std::vector<std::uint8_t> pending_;
};

/// Did a node's priced sends keep to the terms of its purse? Recounted from the sends alone.
class PurseAudit {
public:
    PurseAudit() = default;

    explicit PurseAudit(const air::PurseTerms& terms) : terms_(terms), balance_(terms.burst) {}

    void paid(Duration price, bool alert, Time now);

    /// A reboot begins with a full purse again.
    void rebooted(Time now);

    [[nodiscard]] bool exceeded() const { return exceeded_; }

private:
    void refill(Time now);

    air::PurseTerms terms_;
    Duration balance_{};
    Time counted_{};
    std::vector<Time> alerts_;  ///< of the last hour
    bool exceeded_ = false;
};

class Chronicle {
public:
    /// `worker` is the node whose fate is the run's outcome.
    void enrol(NodeId worker, const air::PurseTerms& terms);

    void noted(NodeId by, const node::Note& note, Time now);
    void sent(NodeId by, const std::string& kind, Duration single_price, const node::Send& send,
              Time now);
    void moved(NodeId by, Time now);
    void booted(NodeId by, Time now);
    void flew(bool foreign, Duration airtime);

    [[nodiscard]] Trace& trace() { return trace_; }

    [[nodiscard]] bool worker_blocked() const { return blocked_; }

    [[nodiscard]] bool worker_resumed() const { return resumed_at_ && moved_since_resumed_; }

    [[nodiscard]] bool mission_done() const { return mission_done_; }

    [[nodiscard]] bool buffers_released() const;

    /// Outcome, reason and every figure that is counted here.
    void fill(Report& report, bool worker_alive, bool worker_drained) const;

private:
    [[nodiscard]] std::string reason_for_blocked() const;

    NodeId worker_;
    air::PurseTerms terms_;
    Trace trace_;
    std::map<NodeId, PurseAudit> audits_;
    std::map<NodeId, std::uint32_t> held_;  ///< batches in buffers
    std::map<std::string, std::set<std::uint64_t>> contents_;
    std::map<std::string, KindReport> messages_;
    std::map<std::string, KindReport> job_messages_;
    bool blocked_ = false;
    bool ever_blocked_ = false;
    bool moved_since_resumed_ = false;
    bool mission_done_ = false;
    bool job_open_ = false;
    bool refused_ = false;
    std::optional<job::Outcome> ended_;  ///< of the worker's newest job, when it is over
    std::optional<Time> blocked_at_;
    std::optional<Time> asked_at_;
    std::optional<Time> applied_at_;
    std::optional<Time> resumed_at_;
    std::optional<Time> departed_at_;
    std::optional<Time> pictured_at_;
    std::uint32_t delta_bytes_ = 0;
    std::uint32_t frames_ = 0;
    std::uint32_t foreign_frames_ = 0;
    Duration foreign_airtime_{};
};

}  // namespace compot::sim
