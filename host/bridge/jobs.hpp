#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "host/bridge/book.hpp"
#include "host/bridge/messages.hpp"
#include "host/bridge/pictures.hpp"
#include "host/bridge/profile.hpp"

/// A job that crosses: the site where it arose owns it, one site of those that could do it is given
/// it, and only the owner ends it. Words may be lost, come twice, late or in another order; each
/// carries what it answers, and one that answers nothing open has no effect.
///
///     owner:  Waiting -patience-> Open -Claim-> Awarded -Result-> Ended
///                                  ^------- lease over, can't --'
///     helper: Claimed -Award-> Running -done, or time over-> Finished -Done-> Closed
///
/// A request is answered by facts that a publisher signs for it, a picture by what was seen on it:
/// a second execution, after a lease ran out, has the effect of one. An awarded job is kept before
/// it is begun; a helper that is given it again answers with what it has. A picture is kept by
/// neither side: who wants to know hands it in again after a restart, and the helper wants it
/// again.

namespace compot::bridge {

inline constexpr std::uint8_t kAttemptsMax = 8;  ///< awards; then nobody elsewhere can help

/// The value in the records. Never renumber.
enum class Work : std::uint8_t {
    Answer = 0,  ///< a Cat's request
    Look = 1,    ///< at a picture
};

/// Something to be said. `to` is nobody where any Compot may answer.
struct JobWord {
    Kind kind = Kind::Job;
    NodeId to;
    ByteString body;
};

class Owner {
public:
    explicit Owner(const LinkProfile& link) : link_(link) {}

    void restore(std::uint16_t slot, BytesView value, Time now);

    /// Somebody near asks (again).
    void asked(JobId id, const ByteString& request, Time now);
    /// A picture is to be looked at. The job of this picture, which is `id` unless there was one
    /// already that is open or has an answer; nothing when too many jobs are open. REQUIRES: as
    /// describe().
    [[nodiscard]] std::optional<JobId> look(JobId id, const ByteString& jpeg, Time now);
    void hear(NodeId from, const Claim& claim, Time now, Random& random);
    /// True when this ends a job that was open; `valid`: it is what was asked for. What was seen on
    /// a picture counts only from who was given it.
    [[nodiscard]] bool hear(NodeId from, const JobResult& result, bool valid, Time now);
    void hear(NodeId from, const Want& want, Time now);
    /// The end of a job has become known here, from whomever.
    void settled(JobId id, Time now);

    /// What a job is, and what ended it; an empty answer: nobody could do it.
    [[nodiscard]] std::optional<Work> work_of(JobId id) const;
    [[nodiscard]] std::optional<ByteString> end_of(JobId id) const;

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

    [[nodiscard]] std::vector<JobRecord> take_records() { return tasks_.take_records(); }

    /// Not ended.
    [[nodiscard]] std::size_t open() const;
    /// Those that wait for an answer to a request.
    [[nodiscard]] std::vector<JobId> open_requests() const;

private:
    enum class State : std::uint8_t { Waiting, Open, Awarded, Ended };

    struct Task {
        std::uint16_t slot = 0;
        JobId id;
        Work work = Work::Answer;
        ByteString request;
        ByteString jpeg;  ///< empty: nobody has handed it in since the start
        State state = State::Waiting;
        std::uint8_t attempt = 1;
        NodeId helper;              ///< the last that it was awarded to
        std::vector<NodeId> given;  ///< all of them, since the start
        std::uint32_t claim_word = 0;
        std::uint32_t word = 0;
        ByteString answer;
        bool tell_award = false;
        ByteString pieces;  ///< numbers of those to be sent
        std::vector<NodeId> tell_done;
        Time due = kNever;       ///< of the state
        Time given_up = kNever;  ///< when nobody is asked any more
        Time say_at{};           ///< not before, where something is to be said
        Duration pause{};

        [[nodiscard]] bool is_over() const { return state == State::Ended; }

        [[nodiscard]] bool offers() const;
        [[nodiscard]] bool sends() const;
        [[nodiscard]] bool counts_from(NodeId node) const;
    };

    [[nodiscard]] static bool speaks(const Task& task, Time now);
    void offer_again(Task& task, Time now);
    void end(Task& task, Time now);
    void keep(const Task& task);

    LinkProfile link_;
    Book<Task> tasks_;
};

class Helper {
public:
    explicit Helper(const LinkProfile& link) : link_(link) {}

    void restore(std::uint16_t slot, BytesView value, Time now);

    /// REQUIRES: of Work::Look, a request that parse_description() takes.
    void hear(NodeId owner, Work work, const Job& job, Time now, Random& random);
    /// The request to be given to the node now, once in a job's life unless it was cut short.
    /// Nothing for a picture, which is to come.
    [[nodiscard]] std::optional<Job> hear(NodeId owner, const Award& award, Time now);
    /// The whole picture, once, with its last piece. ERRORS: what came is not what was offered;
    /// then nothing is changed, or the job can't be done.
    [[nodiscard]] Result<std::optional<ByteString>> hear(NodeId owner, const Piece& piece,
                                                         Time now);
    void hear(NodeId owner, const Done& done);
    /// What our node or bench has for this job; empty: it can't be done.
    void answered(JobId id, const ByteString& answer, Time now);

    void wake(Time now);
    [[nodiscard]] Time wake_at() const;
    [[nodiscard]] Time due_at() const;
    [[nodiscard]] std::optional<JobWord> next(Time now) const;
    void said(Time now);
    void put_off(Time now, Time until);

    [[nodiscard]] std::vector<JobRecord> take_records() { return tasks_.take_records(); }

    /// Requests given to the node and not answered yet; after a restart they are to be given again.
    [[nodiscard]] std::vector<Job> running() const;

private:
    enum class State : std::uint8_t { Claimed, Running, Finished, Closed };

    struct Task {
        std::uint16_t slot = 0;
        NodeId owner;
        JobId id;
        Work work = Work::Answer;
        std::uint8_t attempt = 0;
        ByteString request;
        State state = State::Claimed;
        std::uint32_t claim_word = 0;
        std::uint32_t award_word = 0;
        ByteString answer;
        std::optional<Parcel> parcel;  ///< while a picture is on its way
        std::uint8_t said = 0;
        Time due = kNever;  ///< of the state
        Time say_at = kNever;
        Duration pause{};

        [[nodiscard]] bool is_over() const { return state == State::Closed; }
    };

    [[nodiscard]] Task* find(NodeId owner, JobId id, State state);
    void run(Task& task, Time now, Duration lease);
    void finish(Task& task, Time now);
    void keep(const Task& task);

    LinkProfile link_;
    Book<Task> tasks_;
};

}  // namespace compot::bridge
