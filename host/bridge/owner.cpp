#include <algorithm>
#include <numeric>

#include "core/base/bytes.hpp"
#include "host/bridge/jobs.hpp"

namespace compot::bridge {

namespace {

Description description_of(const ByteString& request) {
    const auto description = parse_description(request);
    COMPOT_CHECK(description.ok());
    return *description;
}

}  // namespace

/// A picture that nobody has handed in since the start can't be given to anybody.
bool Owner::Task::offers() const {
    return state == State::Open && (work == Work::Answer || !jpeg.empty());
}

bool Owner::Task::sends() const { return !pieces.empty() && !jpeg.empty(); }

/// Facts are believed for their signature, whoever brings them.
bool Owner::Task::counts_from(NodeId node) const {
    return work == Work::Answer || node == helper ||
           std::find(given.begin(), given.end(), node) != given.end();
}

void Owner::asked(JobId id, const ByteString& request, Time now) {
    if (Task* known = tasks_.find(id)) {
        // A later attempt tells more of what the asker knows by now.
        if (known->state == State::Waiting || known->state == State::Open) known->request = request;
        return;
    }
    Task* task = tasks_.add(id);
    if (task == nullptr) return;  // it asks again, and by then there may be room
    task->request = request;
    task->due = now + link_.patience;
}

std::optional<JobId> Owner::look(JobId id, const ByteString& jpeg, Time now) {
    const ByteString request = encode(describe(jpeg, link_.batch_bytes));
    Task* task = tasks_.first([&](const Task& each) {
        const bool hopeless = each.state == State::Ended && each.answer.empty();
        return each.work == Work::Look && each.request == request && !hopeless;
    });
    if (task == nullptr) {
        task = tasks_.add(id);
        if (task == nullptr) return std::nullopt;
        task->work = Work::Look;
        task->request = request;
        task->given_up = now + link_.look_patience;
        offer_again(*task, now);
    }
    if (task->state != State::Ended) task->jpeg = jpeg;
    return task->id;
}

void Owner::offer_again(Task& task, Time now) {
    task.state = State::Open;
    task.due = task.given_up;
    task.say_at = now;
    task.pause = link_.again;
    task.tell_award = false;
    task.pieces.clear();
    keep(task);
}

void Owner::end(Task& task, Time now) {
    task.state = State::Ended;
    task.due = kNever;
    task.say_at = now;
    task.tell_award = false;
    task.pieces.clear();
    task.jpeg.clear();
    keep(task);
}

void Owner::hear(NodeId from, const Claim& claim, Time now, Random& random) {
    Task* task = tasks_.find(claim.id);
    if (task == nullptr) return;
    if (task->state == State::Ended) {
        task->tell_done.push_back(from);
        task->say_at = now;
        return;
    }
    if (claim.attempt != task->attempt) return;
    // It did not hear of it.
    const bool again =
        task->state == State::Awarded && task->helper == from && task->claim_word == claim.word;
    if (!again && task->state != State::Open) return;
    task->tell_award = true;
    task->say_at = now;
    if (task->work == Work::Look) {
        task->pieces.resize(pieces_of(description_of(task->request)));
        std::iota(task->pieces.begin(), task->pieces.end(), std::uint8_t{0});
    }
    if (again) return;
    task->state = State::Awarded;
    task->helper = from;
    task->given.push_back(from);
    task->claim_word = claim.word;
    task->word = random.next32();
    task->due = now + link_.lease;
    keep(*task);
}

void Owner::hear(NodeId from, const Want& want, Time now) {
    Task* task = tasks_.find(want.id);
    if (task == nullptr || task->work != Work::Look) return;
    task->say_at = now;
    if (task->state == State::Ended) return task->tell_done.push_back(from);
    if (task->state != State::Awarded || task->helper != from || task->word != want.award_word)
        return;
    task->pieces.clear();
    const std::size_t count = pieces_of(description_of(task->request));
    for (const std::uint8_t number : want.lacking) {
        if (number < count && task->pieces.size() < count) task->pieces.push_back(number);
    }
}

bool Owner::hear(NodeId from, const JobResult& result, bool valid, Time now) {
    Task* task = tasks_.find(result.id);
    if (task == nullptr) return false;
    if (task->state == State::Ended || (valid && task->counts_from(from))) {
        const bool ends = task->state != State::Ended;
        // Whoever else was given it meanwhile need not go on.
        if (ends && task->state == State::Awarded && task->helper != from)
            task->tell_done.push_back(task->helper);
        task->tell_done.push_back(from);
        if (ends) {
            task->answer = result.answer;
            end(*task, now);
        }
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
    Task* task = tasks_.find(id);
    if (task == nullptr || task->state == State::Ended) return;
    if (task->state == State::Awarded) task->tell_done.push_back(task->helper);
    end(*task, now);
}

std::optional<Work> Owner::work_of(JobId id) const {
    const Task* task = tasks_.find(id);
    return task == nullptr ? std::nullopt : std::optional<Work>(task->work);
}

std::optional<ByteString> Owner::end_of(JobId id) const {
    const Task* task = tasks_.find(id);
    if (task != nullptr && task->state != State::Ended) return std::nullopt;
    return task == nullptr ? ByteString{} : task->answer;
}

void Owner::wake(Time now) {
    for (Task& task : tasks_) {
        if (now < task.due) continue;
        const bool goes_on =
            task.state == State::Awarded && task.attempt < kAttemptsMax && now < task.given_up;
        if (goes_on) ++task.attempt;
        if (goes_on || task.state == State::Waiting) {
            offer_again(task, now);
        } else {
            end(task, now);
        }
    }
}

bool Owner::speaks(const Task& task, Time now) {
    if (now < task.say_at) return false;
    return task.offers() || task.sends() || task.tell_award || !task.tell_done.empty();
}

Time Owner::due_at() const {
    return tasks_.earliest([](const Task& task) { return task.due; });
}

Time Owner::wake_at() const {
    const Time says = tasks_.earliest(
        [](const Task& task) { return speaks(task, task.say_at) ? task.say_at : kNever; });
    return std::min(due_at(), says);
}

std::optional<JobWord> Owner::next(Time now) const {
    const Task* task = tasks_.first([&](const Task& each) { return speaks(each, now); });
    if (task == nullptr) return std::nullopt;
    if (!task->tell_done.empty())
        return JobWord{Kind::Done, task->tell_done.front(), encode(Done{task->id})};
    if (task->tell_award) {
        const auto lease_s = static_cast<std::uint32_t>(link_.lease / 1s);
        return JobWord{
            Kind::Award, task->helper,
            encode(Award{task->id, task->attempt, task->claim_word, task->word, lease_s})};
    }
    if (task->sends()) {
        const std::uint8_t number = task->pieces.front();
        return JobWord{Kind::Piece, task->helper,
                       encode(Piece{task->id, task->word, number,
                                    piece_of(description_of(task->request), task->jpeg, number)})};
    }
    const Kind kind = task->work == Work::Look ? Kind::Picture : Kind::Job;
    return JobWord{kind, kNoNode, encode(Job{task->id, task->attempt, task->request})};
}

void Owner::said(Time now) {
    Task* task = tasks_.first([&](const Task& each) { return speaks(each, now); });
    if (task == nullptr) return;
    if (!task->tell_done.empty()) {
        task->tell_done.erase(task->tell_done.begin());
    } else if (task->tell_award) {
        task->tell_award = false;
    } else if (task->sends()) {
        task->pieces.erase(task->pieces.begin());
    } else {
        task->say_at = now + task->pause;
        task->pause = std::min(task->pause * 2, link_.again_most);
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

std::size_t Owner::open() const {
    return static_cast<std::size_t>(std::count_if(
        tasks_.begin(), tasks_.end(), [](const Task& task) { return task.state != State::Ended; }));
}

std::vector<JobId> Owner::open_requests() const {
    std::vector<JobId> ids;
    for (const Task& task : tasks_) {
        if (task.state != State::Ended && task.work == Work::Answer) ids.push_back(task.id);
    }
    return ids;
}

void Owner::keep(const Task& task) {
    ByteString value(24 + task.request.size() + task.answer.size());
    ByteWriter writer(value);
    writer.u32(task.id.asker.value);
    writer.u32(task.id.nonce);
    writer.u8(static_cast<std::uint8_t>(task.state));
    writer.u8(task.attempt);
    writer.u8(static_cast<std::uint8_t>(task.work));
    writer.u8(static_cast<std::uint8_t>(task.request.size()));
    writer.u32(task.helper.value);
    writer.u32(task.claim_word);
    writer.u32(task.word);
    writer.bytes(task.request);
    writer.bytes(task.answer);
    COMPOT_CHECK(!writer.failed());
    tasks_.keep(task, std::move(value));
}

void Owner::restore(std::uint16_t slot, BytesView value, Time now) {
    ByteReader reader(value);
    Task task;
    task.slot = slot;
    task.id.asker = NodeId{reader.u32()};
    task.id.nonce = reader.u32();
    const std::uint8_t state = reader.u8();
    task.attempt = reader.u8();
    const std::uint8_t work = reader.u8();
    const BytesView::size_type size = reader.u8();
    task.helper = NodeId{reader.u32()};
    task.claim_word = reader.u32();
    task.word = reader.u32();
    const BytesView request = reader.take(size);
    task.request.assign(request.begin(), request.end());
    task.answer.assign(reader.rest().begin(), reader.rest().end());
    if (reader.failed() || state > static_cast<std::uint8_t>(State::Ended) ||
        work > static_cast<std::uint8_t>(Work::Look))
        return;
    task.state = static_cast<State>(state);
    task.work = static_cast<Work>(work);
    if (task.work == Work::Look && !parse_description(task.request)) return;
    task.pause = link_.again;
    task.say_at = now;
    if (task.work == Work::Look) task.given_up = now + link_.look_patience;
    if (task.state == State::Open) task.due = task.given_up;
    // How long the lease has run nobody knows: the helper gets all of it again.
    if (task.state == State::Awarded) task.due = now + link_.lease;
    tasks_.restore(std::move(task));
}

}  // namespace compot::bridge
