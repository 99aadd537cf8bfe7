#include <algorithm>

#include "core/base/bytes.hpp"
#include "host/bridge/jobs.hpp"

namespace compot::bridge {

namespace {

/// An owner that never answers is gone, or has given the job to another.
constexpr std::uint8_t kClaimsMax = 6;
/// However long an owner would wait.
constexpr Duration kLeaseMost = 24h;

}  // namespace

/// Null when it is another's, or in another state.
Helper::Task* Helper::find(NodeId owner, JobId id, State state) {
    Task* task = tasks_.find(id);
    return task != nullptr && task->owner == owner && task->state == state ? task : nullptr;
}

void Helper::hear(NodeId owner, Work work, const Job& job, Time now, Random& random) {
    if (job.request.size() > profile::kFrameBytesMax) return;
    Task* task = tasks_.find(job.id);
    if (task == nullptr) {
        task = tasks_.add(job.id);
        if (task == nullptr) return;
    } else if (job.attempt <= task->attempt || task->state == State::Running) {
        return;  // come again, or late
    }
    task->owner = owner;
    task->work = work;
    task->attempt = job.attempt;
    task->request = job.request;
    task->state = State::Claimed;
    task->claim_word = random.next32();
    task->said = 0;
    task->say_at = now;
    task->pause = link_.again;
}

std::optional<Job> Helper::hear(NodeId owner, const Award& award, Time now) {
    Task* task = find(owner, award.id, State::Claimed);
    if (task == nullptr || task->claim_word != award.claim_word || task->attempt != award.attempt)
        return std::nullopt;
    task->award_word = award.word;
    if (!task->answer.empty()) {  // done before, for an earlier award
        finish(*task, now);
        return std::nullopt;
    }
    run(*task, now, std::min<Duration>(std::chrono::seconds(award.lease_s), kLeaseMost));
    keep(*task);
    if (task->work == Work::Look) return std::nullopt;
    return Job{task->id, task->attempt, task->request};
}

void Helper::run(Task& task, Time now, Duration lease) {
    task.state = State::Running;
    task.due = now + (task.work == Work::Look ? lease : link_.work);
    task.say_at = kNever;
    if (task.work == Work::Answer) return;
    const auto description = parse_description(task.request);
    COMPOT_CHECK(description.ok());
    task.parcel.emplace(*description);
    task.pause = link_.again;
    task.say_at = now + task.pause;
}

Result<std::optional<ByteString>> Helper::hear(NodeId owner, const Piece& piece, Time now) {
    Task* task = find(owner, piece.id, State::Running);
    if (task == nullptr || task->award_word != piece.award_word || !task->parcel)
        return std::optional<ByteString>();  // of a job that is over
    if (const Status taken = task->parcel->put(piece.number, piece.bytes); !taken.ok())
        return taken.error();
    task->pause = link_.again;
    task->say_at = now + task->pause;
    if (!task->parcel->whole()) return std::optional<ByteString>();
    const auto picture = task->parcel->open();
    task->parcel.reset();
    task->say_at = kNever;
    if (picture) return std::optional<ByteString>(*picture);
    finish(*task, now);
    return picture.error();
}

void Helper::hear(NodeId owner, const Done& done) {
    Task* task = tasks_.find(done.id);
    if (task == nullptr || task->owner != owner) return;
    task->state = State::Closed;
    task->due = task->say_at = kNever;
    task->parcel.reset();
    keep(*task);
}

void Helper::answered(JobId id, const ByteString& answer, Time now) {
    Task* task = tasks_.find(id);
    if (task == nullptr || task->state != State::Running) return;
    task->answer = answer;
    finish(*task, now);
}

void Helper::finish(Task& task, Time now) {
    task.state = State::Finished;
    task.due = kNever;
    task.parcel.reset();
    task.say_at = now;
    task.said = 0;
    task.pause = link_.again;
    keep(task);
}

void Helper::wake(Time now) {
    for (Task& task : tasks_) {
        if (now >= task.due && task.state == State::Running) finish(task, now);
        if (task.state == State::Claimed && task.said >= kClaimsMax && now >= task.say_at) {
            task.state = State::Closed;
            task.say_at = kNever;
        }
    }
}

Time Helper::wake_at() const {
    return std::min(due_at(), tasks_.earliest([](const Task& task) { return task.say_at; }));
}

Time Helper::due_at() const {
    return tasks_.earliest([](const Task& task) { return task.due; });
}

std::optional<JobWord> Helper::next(Time now) const {
    const Task* task = tasks_.first([&](const Task& each) { return now >= each.say_at; });
    if (task == nullptr) return std::nullopt;
    if (task->state == State::Claimed)
        return JobWord{Kind::Claim, task->owner,
                       encode(Claim{task->id, task->attempt, task->claim_word})};
    if (task->state == State::Running)
        return JobWord{Kind::Want, task->owner,
                       encode(Want{task->id, task->award_word, task->parcel->lacking()})};
    return JobWord{Kind::Result, task->owner,
                   encode(JobResult{task->id, task->attempt, task->award_word, task->answer})};
}

void Helper::said(Time now) {
    Task* task = tasks_.first([&](const Task& each) { return now >= each.say_at; });
    if (task == nullptr) return;
    if (task->said < 0xFF) ++task->said;
    task->say_at = now + task->pause;
    task->pause = std::min(task->pause * 2, link_.again_most);
}

void Helper::put_off(Time now, Time until) {
    for (Task& task : tasks_) {
        if (now >= task.say_at) task.say_at = until;
    }
}

std::vector<Job> Helper::running() const {
    std::vector<Job> jobs;
    for (const Task& task : tasks_) {
        if (task.state == State::Running && task.work == Work::Answer)
            jobs.push_back({task.id, task.attempt, task.request});
    }
    return jobs;
}

void Helper::keep(const Task& task) {
    ByteString value(24 + task.request.size() + task.answer.size());
    ByteWriter writer(value);
    writer.u32(task.owner.value);
    writer.u32(task.id.asker.value);
    writer.u32(task.id.nonce);
    writer.u8(task.attempt);
    writer.u8(static_cast<std::uint8_t>(task.state));
    writer.u8(static_cast<std::uint8_t>(task.work));
    writer.u8(static_cast<std::uint8_t>(task.request.size()));
    writer.u32(task.claim_word);
    writer.u32(task.award_word);
    writer.bytes(task.request);
    writer.bytes(task.answer);
    COMPOT_CHECK(!writer.failed());
    tasks_.keep(task, std::move(value));
}

void Helper::restore(std::uint16_t slot, BytesView value, Time now) {
    ByteReader reader(value);
    Task task;
    task.slot = slot;
    task.owner = NodeId{reader.u32()};
    task.id.asker = NodeId{reader.u32()};
    task.id.nonce = reader.u32();
    task.attempt = reader.u8();
    const std::uint8_t state = reader.u8();
    const std::uint8_t work = reader.u8();
    const BytesView::size_type size = reader.u8();
    task.claim_word = reader.u32();
    task.award_word = reader.u32();
    const BytesView request = reader.take(size);
    task.request.assign(request.begin(), request.end());
    task.answer.assign(reader.rest().begin(), reader.rest().end());
    if (reader.failed() || state > static_cast<std::uint8_t>(State::Closed) ||
        work > static_cast<std::uint8_t>(Work::Look))
        return;
    task.work = static_cast<Work>(work);
    if (task.work == Work::Look && !parse_description(task.request)) return;
    task.state = static_cast<State>(state);
    task.pause = link_.again;
    if (task.state == State::Running) {
        run(task, now, link_.lease);
        // Of a picture nothing was kept: it is wanted at once.
        if (task.work == Work::Look) task.say_at = now;
    }
    if (task.state == State::Finished) task.say_at = now;
    tasks_.restore(std::move(task));
}

}  // namespace compot::bridge
