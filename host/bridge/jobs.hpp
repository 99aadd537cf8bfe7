#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "host/bridge/messages.hpp"
#include "host/bridge/profile.hpp"

/// A request that crosses: the site that heard it owns it, one site of those that could answer is
/// given it, and only the owner ends it. Words may be lost, come twice, late or in another order;
/// each carries what it answers, and one that answers nothing open has no effect.
///
///     owner:  Waiting -patience-> Open -Claim-> Awarded -Result-> Ended
///                                  ^------- lease over, can't --'
///     helper: Claimed -Award-> Running -facts signed, or time over-> Finished -Done-> Closed
///
/// The request itself is answered by facts that a publisher signs for it, so a second execution,
/// after a lease ran out, has the effect of one. An awarded job is kept before it is begun; a
/// helper that is given it again answers with what it has.

namespace compot::bridge {

inline constexpr std::size_t kJobsMax = 64;      ///< of either side; ended ones go first
inline constexpr std::uint8_t kAttemptsMax = 8;  ///< awards; then nobody elsewhere can help

/// Something to be said. `to` is nobody where any Compot may answer.
struct JobWord {
    Kind kind = Kind::Job;
    NodeId to;
    ByteString body;
};

/// A job as it must outlive the process.
struct JobRecord {
    std::uint16_t slot = 0;  ///< below kJobsMax
    ByteString value;        ///< empty: forgotten
};

class Owner {
public:
    explicit Owner(const LinkProfile& link) : link_(link) {}

    void restore(std::uint16_t slot, BytesView value, Time now);

    /// Somebody near asks (again).
    void asked(JobId id, const ByteString& request, Time now);
    void hear(NodeId from, const Claim& claim, Time now, Random& random);
    /// True when these facts end a job that was open; `valid`: they are what was asked for.
    [[nodiscard]] bool hear(NodeId from, const JobResult& result, bool valid, Time now);
    /// The end of a job has become known here, from whomever.
    void settled(JobId id, Time now);

    void wake(Time now);
    [[nodiscard]] Time wake_at() const;
    /// The same without what is only to be said: nobody hears it without a link.
    [[nodiscard]] Time due_at() const;

    /// What is due, and what became of it: said, or put off.
    [[nodiscard]] std::optional<JobWord> next(Time now) const;
    void said(Time now);
    void put_off(Time now, Time until);
    /// The broker gave our own offer to ourselves, who can't: it is soon made again.
    void came_back(Time now);

    [[nodiscard]] std::vector<JobRecord> take_records();
    /// Not ended.
    [[nodiscard]] std::size_t open() const;
    [[nodiscard]] std::vector<JobId> open_ids() const;

private:
    enum class State : std::uint8_t { Waiting, Open, Awarded, Ended };

    struct Task {
        std::uint16_t slot = 0;
        JobId id;
        ByteString request;
        State state = State::Waiting;
        std::uint8_t attempt = 1;
        NodeId helper;
        std::uint32_t claim_word = 0;
        std::uint32_t word = 0;
        bool tell_award = false;
        std::vector<NodeId> tell_done;
        Time due = kNever;  ///< of the state
        Time say_at{};      ///< not before, where something is to be said
        Duration pause{};
    };

    [[nodiscard]] Task* find(JobId id);
    [[nodiscard]] std::optional<std::uint16_t> free_slot();
    [[nodiscard]] static bool speaks(const Task& task, Time now);
    [[nodiscard]] const Task* speaker(Time now) const;
    void offer_again(Task& task, Time now);
    void end(Task& task, Time now);
    void keep(const Task& task);

    LinkProfile link_;
    std::vector<Task> tasks_;
    std::vector<JobRecord> records_;
};

class Helper {
public:
    explicit Helper(const LinkProfile& link) : link_(link) {}

    void restore(std::uint16_t slot, BytesView value, Time now);

    void hear(NodeId owner, const Job& job, Time now, Random& random);
    /// The request to be given to the node now, once in a job's life unless it was cut short.
    [[nodiscard]] std::optional<Job> hear(NodeId owner, const Award& award, Time now);
    void hear(NodeId owner, const Done& done);
    /// Our node has signed facts for this job.
    void answered(JobId id, const ByteString& facts, Time now);

    void wake(Time now);
    [[nodiscard]] Time wake_at() const;
    [[nodiscard]] Time due_at() const;
    [[nodiscard]] std::optional<JobWord> next(Time now) const;
    void said(Time now);
    void put_off(Time now, Time until);

    [[nodiscard]] std::vector<JobRecord> take_records();
    /// Given to the node and not answered yet; after a restart they are to be given again.
    [[nodiscard]] std::vector<Job> running() const;

private:
    enum class State : std::uint8_t { Claimed, Running, Finished, Closed };

    struct Task {
        std::uint16_t slot = 0;
        NodeId owner;
        Job job;
        State state = State::Claimed;
        std::uint32_t claim_word = 0;
        std::uint32_t award_word = 0;
        ByteString facts;
        std::uint8_t said = 0;
        Time due = kNever;
        Duration pause{};
    };

    [[nodiscard]] Task* find(JobId id);
    [[nodiscard]] std::optional<std::uint16_t> free_slot();
    [[nodiscard]] const Task* speaker(Time now) const;
    void finish(Task& task, Time now);
    void keep(const Task& task);

    LinkProfile link_;
    std::vector<Task> tasks_;
    std::vector<JobRecord> records_;
};

}  // namespace compot::bridge
