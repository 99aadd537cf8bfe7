#include <algorithm>

#include "core/base/bytes.hpp"
#include "host/bridge/jobs.hpp"
#include "host/bridge/slots.hpp"

namespace compot::bridge {

Owner::Task* Owner::find(JobId id) {
    const auto found =
        std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) { return task.id == id; });
    return found == tasks_.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> Owner::free_slot() {
    return slot_among(tasks_, [](const Task& task) { return task.state == State::Ended; });
}

void Owner::asked(JobId id, const ByteString& request, Time now) {
    if (Task* known = find(id)) {
        // A later attempt tells more of what the asker knows by now.
        if (known->state == State::Waiting || known->state == State::Open) known->request = request;
        return;
    }
    const auto slot = free_slot();
    if (!slot) return;  // it asks again, and by then there may be room
    Task task;
    task.slot = *slot;
    task.id = id;
    task.request = request;
    task.due = now + link_.patience;
    tasks_.push_back(std::move(task));
}

void Owner::offer_again(Task& task, Time now) {
    task.state = State::Open;
    task.due = kNever;
    task.say_at = now;
    task.pause = link_.again;
    task.tell_award = false;
    keep(task);
}

void Owner::end(Task& task, Time now) {
    task.state = State::Ended;
    task.due = kNever;
    task.say_at = now;
    task.tell_award = false;
    keep(task);
}

void Owner::hear(NodeId from, const Claim& claim, Time now, Random& random) {
    Task* task = find(claim.id);
    if (task == nullptr) return;
    if (task->state == State::Ended) {
        task->tell_done.push_back(from);
        task->say_at = now;
        return;
    }
    if (claim.attempt != task->attempt) return;
    const bool awarded_to_it = task->state == State::Awarded && task->helper == from;
    if (awarded_to_it && task->claim_word == claim.word) {
        task->tell_award = true;  // it did not hear of it
        task->say_at = now;
        return;
    }
    if (task->state != State::Open) return;
    task->state = State::Awarded;
    task->helper = from;
    task->claim_word = claim.word;
    task->word = random.next32();
    task->tell_award = true;
    task->say_at = now;
    task->due = now + link_.lease;
    keep(*task);
}

bool Owner::hear(NodeId from, const JobResult& result, bool valid, Time now) {
    Task* task = find(result.id);
    if (task == nullptr) return false;
    if (task->state == State::Ended || valid) {
        const bool ends = task->state != State::Ended;
        // Whoever else was given it meanwhile need not go on.
        if (ends && task->state == State::Awarded && task->helper != from)
            task->tell_done.push_back(task->helper);
        task->tell_done.push_back(from);
        if (ends) end(*task, now);
        task->say_at = now;
        return ends;
    }
    const bool current = task->state == State::Awarded && task->helper == from &&
                         task->word == result.award_word && task->attempt == result.attempt;
    task->tell_done.push_back(from);
    task->say_at = now;
    if (!current) return false;
    if (task->attempt >= kAttemptsMax) {
        end(*task, now);
    } else {
        ++task->attempt;
        offer_again(*task, now + link_.again);
    }
    return false;
}

void Owner::settled(JobId id, Time now) {
    Task* task = find(id);
    if (task == nullptr || task->state == State::Ended) return;
    if (task->state == State::Awarded) task->tell_done.push_back(task->helper);
    end(*task, now);
}

void Owner::wake(Time now) {
    for (Task& task : tasks_) {
        if (now < task.due) continue;
        if (task.state == State::Waiting) {
            offer_again(task, now);
        } else if (task.state == State::Awarded && task.attempt < kAttemptsMax) {
            ++task.attempt;
            offer_again(task, now);
        } else {
            end(task, now);
        }
    }
}

bool Owner::speaks(const Task& task, Time now) {
    if (now < task.say_at) return false;
    return task.state == State::Open || task.tell_award || !task.tell_done.empty();
}

const Owner::Task* Owner::speaker(Time now) const {
    const auto found = std::find_if(tasks_.begin(), tasks_.end(),
                                    [&](const Task& task) { return speaks(task, now); });
    return found == tasks_.end() ? nullptr : &*found;
}

Time Owner::due_at() const {
    Time at = kNever;
    for (const Task& task : tasks_) at = std::min(at, task.due);
    return at;
}

Time Owner::wake_at() const {
    Time at = due_at();
    for (const Task& task : tasks_) {
        if (speaks(task, task.say_at)) at = std::min(at, task.say_at);
    }
    return at;
}

std::optional<JobWord> Owner::next(Time now) const {
    const Task* task = speaker(now);
    if (task == nullptr) return std::nullopt;
    if (!task->tell_done.empty())
        return JobWord{Kind::Done, task->tell_done.front(), encode(Done{task->id})};
    if (task->tell_award) {
        const auto lease_s = static_cast<std::uint32_t>(link_.lease / 1s);
        return JobWord{
            Kind::Award, task->helper,
            encode(Award{task->id, task->attempt, task->claim_word, task->word, lease_s})};
    }
    return JobWord{Kind::Job, kNoNode, encode(Job{task->id, task->attempt, task->request})};
}

void Owner::said(Time now) {
    for (Task& task : tasks_) {
        if (!speaks(task, now)) continue;
        if (!task.tell_done.empty()) {
            task.tell_done.erase(task.tell_done.begin());
        } else if (task.tell_award) {
            task.tell_award = false;
        } else {
            task.say_at = now + task.pause;
            task.pause = std::min(task.pause * 2, link_.again_most);
        }
        return;
    }
}

void Owner::put_off(Time now, Time until) {
    for (Task& task : tasks_) {
        if (speaks(task, now)) task.say_at = until;
    }
}

void Owner::came_back(Time now) {
    for (Task& task : tasks_) {
        if (task.state == State::Open) task.say_at = std::min(task.say_at, now + link_.gather);
    }
}

std::size_t Owner::open() const { return open_ids().size(); }

std::vector<JobId> Owner::open_ids() const {
    std::vector<JobId> ids;
    for (const Task& task : tasks_) {
        if (task.state != State::Ended) ids.push_back(task.id);
    }
    return ids;
}

void Owner::keep(const Task& task) {
    ByteString value(24 + task.request.size());
    ByteWriter writer(value);
    writer.u32(task.id.asker.value);
    writer.u32(task.id.nonce);
    writer.u8(static_cast<std::uint8_t>(task.state));
    writer.u8(task.attempt);
    writer.u16(0);
    writer.u32(task.helper.value);
    writer.u32(task.claim_word);
    writer.u32(task.word);
    writer.bytes(task.request);
    records_.push_back({task.slot, std::move(value)});
}

void Owner::restore(std::uint16_t slot, BytesView value, Time now) {
    ByteReader reader(value);
    Task task;
    task.slot = slot;
    task.id.asker = NodeId{reader.u32()};
    task.id.nonce = reader.u32();
    const std::uint8_t state = reader.u8();
    task.attempt = reader.u8();
    (void)reader.u16();
    task.helper = NodeId{reader.u32()};
    task.claim_word = reader.u32();
    task.word = reader.u32();
    task.request.assign(reader.rest().begin(), reader.rest().end());
    if (reader.failed() || state > static_cast<std::uint8_t>(State::Ended)) return;
    task.state = static_cast<State>(state);
    task.pause = link_.again;
    task.say_at = now;
    // How long the lease has run nobody knows: the helper gets all of it again.
    if (task.state == State::Awarded) task.due = now + link_.lease;
    tasks_.push_back(std::move(task));
}

std::vector<JobRecord> Owner::take_records() { return std::exchange(records_, {}); }

}  // namespace compot::bridge
