#include <algorithm>

#include "core/base/bytes.hpp"
#include "host/bridge/jobs.hpp"
#include "host/bridge/slots.hpp"

namespace compot::bridge {

namespace {

/// An owner that never answers is gone, or has given the job to another.
constexpr std::uint8_t kClaimsMax = 6;

}  // namespace

Helper::Task* Helper::find(JobId id) {
    const auto found = std::find_if(tasks_.begin(), tasks_.end(),
                                    [&](const Task& task) { return task.job.id == id; });
    return found == tasks_.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> Helper::free_slot() {
    return slot_among(tasks_, [](const Task& task) { return task.state == State::Closed; });
}

void Helper::hear(NodeId owner, const Job& job, Time now, Random& random) {
    if (job.request.size() > profile::kFrameBytesMax) return;
    Task* task = find(job.id);
    if (task == nullptr) {
        const auto slot = free_slot();
        if (!slot) return;
        tasks_.push_back(Task{});
        task = &tasks_.back();
        task->slot = *slot;
    } else if (job.attempt <= task->job.attempt || task->state == State::Running) {
        return;  // come again, or late
    }
    task->owner = owner;
    task->job = job;
    task->state = State::Claimed;
    task->claim_word = random.next32();
    task->said = 0;
    task->due = now;
    task->pause = link_.again;
}

std::optional<Job> Helper::hear(NodeId owner, const Award& award, Time now) {
    Task* task = find(award.id);
    if (task == nullptr || task->owner != owner || task->state != State::Claimed ||
        task->claim_word != award.claim_word || task->job.attempt != award.attempt)
        return std::nullopt;
    task->award_word = award.word;
    if (!task->facts.empty()) {  // done before, for an earlier award
        finish(*task, now);
        return std::nullopt;
    }
    task->state = State::Running;
    task->due = now + link_.work;
    keep(*task);
    return task->job;
}

void Helper::hear(NodeId owner, const Done& done) {
    Task* task = find(done.id);
    if (task == nullptr || task->owner != owner) return;
    task->state = State::Closed;
    task->due = kNever;
    keep(*task);
}

void Helper::answered(JobId id, const ByteString& facts, Time now) {
    Task* task = find(id);
    if (task == nullptr || task->state != State::Running) return;
    task->facts = facts;
    finish(*task, now);
}

void Helper::finish(Task& task, Time now) {
    task.state = State::Finished;
    task.due = now;
    task.said = 0;
    task.pause = link_.again;
    keep(task);
}

void Helper::wake(Time now) {
    for (Task& task : tasks_) {
        if (now >= task.due && task.state == State::Running) finish(task, now);
        if (task.state == State::Claimed && task.said >= kClaimsMax && now >= task.due) {
            task.state = State::Closed;
            task.due = kNever;
        }
    }
}

Time Helper::wake_at() const {
    Time at = kNever;
    for (const Task& task : tasks_) at = std::min(at, task.due);
    return at;
}

Time Helper::due_at() const {
    Time at = kNever;
    for (const Task& task : tasks_) {
        if (task.state == State::Running) at = std::min(at, task.due);
    }
    return at;
}

const Helper::Task* Helper::speaker(Time now) const {
    const auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
        return now >= task.due && (task.state == State::Claimed || task.state == State::Finished);
    });
    return found == tasks_.end() ? nullptr : &*found;
}

std::optional<JobWord> Helper::next(Time now) const {
    const Task* task = speaker(now);
    if (task == nullptr) return std::nullopt;
    if (task->state == State::Claimed)
        return JobWord{Kind::Claim, task->owner,
                       encode(Claim{task->job.id, task->job.attempt, task->claim_word})};
    return JobWord{
        Kind::Result, task->owner,
        encode(JobResult{task->job.id, task->job.attempt, task->award_word, task->facts})};
}

void Helper::said(Time now) {
    for (Task& task : tasks_) {
        const bool speaks = task.state == State::Claimed || task.state == State::Finished;
        if (!speaks || now < task.due) continue;
        if (task.said < 0xFF) ++task.said;
        task.due = now + task.pause;
        task.pause = std::min(task.pause * 2, link_.again_most);
        return;
    }
}

void Helper::put_off(Time now, Time until) {
    for (Task& task : tasks_) {
        const bool speaks = task.state == State::Claimed || task.state == State::Finished;
        if (speaks && now >= task.due) task.due = until;
    }
}

std::vector<Job> Helper::running() const {
    std::vector<Job> jobs;
    for (const Task& task : tasks_) {
        if (task.state == State::Running) jobs.push_back(task.job);
    }
    return jobs;
}

void Helper::keep(const Task& task) {
    ByteString value(24 + 1 + task.job.request.size() + task.facts.size());
    ByteWriter writer(value);
    writer.u32(task.owner.value);
    writer.u32(task.job.id.asker.value);
    writer.u32(task.job.id.nonce);
    writer.u8(task.job.attempt);
    writer.u8(static_cast<std::uint8_t>(task.state));
    writer.u16(0);
    writer.u32(task.claim_word);
    writer.u32(task.award_word);
    writer.u8(static_cast<std::uint8_t>(task.job.request.size()));
    writer.bytes(task.job.request);
    writer.bytes(task.facts);
    COMPOT_CHECK(!writer.failed());
    records_.push_back({task.slot, std::move(value)});
}

void Helper::restore(std::uint16_t slot, BytesView value, Time now) {
    ByteReader reader(value);
    Task task;
    task.slot = slot;
    task.owner = NodeId{reader.u32()};
    task.job.id.asker = NodeId{reader.u32()};
    task.job.id.nonce = reader.u32();
    task.job.attempt = reader.u8();
    const std::uint8_t state = reader.u8();
    (void)reader.u16();
    task.claim_word = reader.u32();
    task.award_word = reader.u32();
    const BytesView request = reader.take(reader.u8());
    task.job.request.assign(request.begin(), request.end());
    task.facts.assign(reader.rest().begin(), reader.rest().end());
    if (reader.failed() || state > static_cast<std::uint8_t>(State::Closed)) return;
    task.state = static_cast<State>(state);
    task.pause = link_.again;
    if (task.state == State::Running) task.due = now + link_.work;
    if (task.state == State::Finished) task.due = now;
    tasks_.push_back(std::move(task));
}

std::vector<JobRecord> Helper::take_records() { return std::exchange(records_, {}); }

}  // namespace compot::bridge
