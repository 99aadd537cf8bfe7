#include "sim/chronicle.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/profile/message.hpp"

namespace compot::sim {

namespace {

constexpr std::size_t kFoldBytes = 4096;

using Kind = node::Note::Kind;

/// What makes two sends one message: the request's nonce, else the body without its envelope.
std::uint64_t content_of(const node::Send& send) {
    if (send.portnum != mesh::port::kPrivate) return crypto::digest64(send.payload.view());
    const BytesView body = send.payload.view().subspan(profile::kHeaderBytes);
    constexpr std::size_t kNonceBytes = 4;
    const bool request =
        send.kind == static_cast<std::uint8_t>(profile::MessageType::AssistRequest);
    return crypto::digest64(request ? body.first(kNonceBytes) : body);
}

}  // namespace

void Trace::add(std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i)
        pending_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    if (pending_.size() >= kFoldBytes) fold();
}

void Trace::fold() {
    pending_.insert(pending_.end(), state_.begin(), state_.end());
    state_ = crypto::digest(pending_);
    pending_.clear();
}

std::string Trace::hex() const {
    Trace whole = *this;
    whole.fold();
    std::string text;
    for (const std::uint8_t byte : whole.state_) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x", unsigned{byte});
        text += digits.data();
    }
    return text;
}

void PurseAudit::refill(Time now) {
    balance_ = std::min<Duration>(terms_.burst,
                                  balance_ + (now - counted_) * terms_.share_permille / 1000);
    counted_ = now;
}

void PurseAudit::rebooted(Time now) {
    counted_ = now;
    balance_ = terms_.burst;
}

void PurseAudit::paid(Duration price, bool alert, Time now) {
    refill(now);
    if (price <= balance_) {
        balance_ -= price;
        return;
    }
    std::erase_if(alerts_, [&](Time at) { return at + 1h <= now; });
    alerts_.push_back(now);
    // The credit of a microsecond may not have been whole yet in either count.
    const bool rounding = price - balance_ <= 2us;
    balance_ = Duration{};
    if (!rounding && (!alert || alerts_.size() > air::kAlertsPerHour)) exceeded_ = true;
}

void Chronicle::enrol(NodeId worker, const air::PurseTerms& terms) {
    worker_ = worker;
    terms_ = terms;
}

void Chronicle::booted(NodeId by, Time now) {
    const auto [audit, fresh] = audits_.try_emplace(by, terms_);
    audit->second.rebooted(now);
    if (by == worker_) blocked_ = false;
}

void Chronicle::noted(NodeId by, const node::Note& note, Time now) {
    trace_.add(static_cast<std::uint64_t>(to_us(now)) ^ std::uint64_t{by.value} << 20U);
    trace_.add(std::uint64_t{note.a} << 32U | note.b);
    trace_.add(static_cast<std::uint64_t>(note.kind));
    const bool by_worker = by == worker_;
    switch (note.kind) {
        case Kind::Blocked:
            if (!by_worker) break;
            blocked_ = true;
            ended_.reset();
            ever_blocked_ = true;
            if (!blocked_at_) blocked_at_ = now;
            break;
        case Kind::Asked:
            if (!by_worker) break;
            job_open_ = true;
            if (!asked_at_) asked_at_ = now;
            break;
        case Kind::DeltaApplied:
            if (!by_worker) break;
            if (!applied_at_) delta_bytes_ = note.b;
            if (!applied_at_) applied_at_ = now;
            refused_ = false;
            break;
        case Kind::DeltaRefused:
            if (by_worker) refused_ = true;
            break;
        case Kind::Resumed:
            if (!by_worker) break;
            blocked_ = false;
            if (!resumed_at_) resumed_at_ = now;
            break;
        case Kind::JobEnded:
            job_open_ = false;
            if (by_worker) ended_ = static_cast<job::Outcome>(note.b);
            break;
        case Kind::MissionDone:
            if (by_worker) mission_done_ = true;
            break;
        case Kind::EnRoute:
            if (!departed_at_) departed_at_ = now;
            break;
        case Kind::Photographed:
            if (!pictured_at_) pictured_at_ = now;
            break;
        case Kind::BufferHeld: held_[by] = note.a; break;
        case Kind::BufferReleased: held_[by] = 0; break;
        default: break;
    }
}

void Chronicle::sent(NodeId by, const std::string& kind, Duration single_price,
                     const node::Send& send, Time now) {
    const auto [audit, fresh] = audits_.try_emplace(by, terms_);
    audit->second.paid(send.price, send.priority == node::Priority::Alert, now);
    const bool fresh_content = contents_[kind].insert(content_of(send)).second;
    const auto count = [&](std::map<std::string, KindReport>& reports) {
        ++reports[kind].messages;
        if (fresh_content) {
            ++reports[kind].distinct;
            reports[kind].distinct_price += single_price;
        }
        reports[kind].price += single_price;
    };
    count(messages_);
    if (job_open_) count(job_messages_);
}

void Chronicle::moved(NodeId by, Time now) {
    trace_.add(static_cast<std::uint64_t>(to_us(now)) ^ std::uint64_t{by.value} << 20U);
    if (by == worker_ && resumed_at_) moved_since_resumed_ = true;
}

void Chronicle::flew(bool foreign, Duration airtime) {
    ++(foreign ? foreign_frames_ : frames_);
    if (foreign) foreign_airtime_ += airtime;
}

bool Chronicle::buffers_released() const {
    return std::all_of(held_.begin(), held_.end(),
                       [](const auto& held) { return held.second == 0; });
}

std::string Chronicle::reason_for_blocked() const {
    if (ended_ == job::Outcome::Contained) return "blocked: beyond the safety envelope";
    if (ended_ == job::Outcome::Battery) return "blocked: battery low";
    if (ended_ == job::Outcome::Withdrawn) return "blocked: job withdrawn";
    if (!applied_at_) return refused_ ? "blocked: delta refused" : "blocked: unclassified";
    return "blocked: again";
}

void Chronicle::fill(Report& report, bool worker_alive, bool worker_drained) const {
    if (!worker_alive) {
        report.outcome = "off";
        report.reason = worker_drained ? "off: battery empty" : "off: dropped";
    } else if (blocked_) {
        report.outcome = "blocked";
        report.reason = reason_for_blocked();
    } else if (worker_resumed()) {
        report.outcome = "resumed";
    } else {
        report.outcome = ever_blocked_ ? "freed" : "unhindered";
        report.reason =
            ever_blocked_ ? "freed: what stood there is gone" : "unhindered: never blocked";
    }
    if (resumed_at_ && blocked_at_) report.time_to_help = *resumed_at_ - *blocked_at_;
    if (resumed_at_ && asked_at_) report.request_to_resumed = *resumed_at_ - *asked_at_;
    if (departed_at_ && pictured_at_) report.drive = *pictured_at_ - *departed_at_;
    report.frames = frames_;
    report.foreign_frames = foreign_frames_;
    report.foreign_airtime = foreign_airtime_;
    report.delta_bytes = delta_bytes_;
    report.buffers_released = buffers_released();
    report.messages = messages_;
    report.job_messages = job_messages_;
    report.purse_exceeded = std::any_of(audits_.begin(), audits_.end(),
                                        [](const auto& audit) { return audit.second.exceeded(); });
    report.trace = trace_.hex();
}

}  // namespace compot::sim
