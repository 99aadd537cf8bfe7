#include "host/bridge/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/bytes.hpp"
#include "core/learn/evidence.hpp"
#include "core/profile/codec.hpp"
#include "core/profile/frame.hpp"

namespace compot::bridge {

namespace {

using profile::MessageType;

// Keys of records; the low byte is a place.
constexpr std::uint16_t kPeerEpoch = 0x0100;
constexpr std::uint16_t kOwned = 0x0200;
constexpr std::uint16_t kHelped = 0x0300;

constexpr std::uint64_t kPurpose = 0xB41D6E;
/// Of an hour's budget, kept for jobs.
constexpr std::uint32_t kJobShare = 4;

bool is_for_job(Kind kind) { return kind >= Kind::Job; }

std::string name_of(NodeId id) { return fmt::format("!{:08x}", id.value); }

/// For a person: what came is not what was offered.
const char* why_refused(Error error) {
    if (error == Error::Forged) return "its digest is another";
    return error == Error::Unsupported ? "it is no JPEG" : "a piece of it does not fit";
}

ByteString bytes_of(BytesView view) { return {view.begin(), view.end()}; }

}  // namespace

Site::Site(const Terms& terms, Local& local)
    : terms_(terms),
      local_(local),
      random_(terms.entropy, terms.config.self.value, kPurpose),
      envelopes_(terms.config, terms.epoch),
      budget_(terms.link.bytes_per_hour),
      owner_(terms.link),
      helper_(terms.link),
      root_("compotastic/" + envelopes_.tag()),
      keys_(terms.config.self, terms.config.channel_key) {
    for (const node::Member& member : terms_.config.members) {
        if (member.id == terms_.config.self) continue;
        COMPOT_CHECK(keys_.enrol(member.id, terms_.config.exchange_secret, member.exchange_public));
    }
}

void Site::restore(const Record& record) {
    const auto place = static_cast<std::uint16_t>(record.key & 0xFFU);
    const auto kind = static_cast<std::uint16_t>(record.key & 0xFF00U);
    if (kind == kOwned) owner_.restore(place, record.value, Time{});
    if (kind == kHelped) {
        helper_.restore(place, record.value, Time{});
        restored_ = true;
    }
    if (kind == kPeerEpoch && place < terms_.config.members.size()) {
        ByteReader reader(record.value);
        const std::uint32_t epoch = reader.u32();
        if (!reader.finish().ok()) return;
        const NodeId peer = terms_.config.members[place].id;
        envelopes_.restore_epoch(peer, epoch);
        epochs_kept_[peer] = epoch;
    }
}

std::vector<std::string> Site::subscriptions() const {
    std::vector<std::string> filters{root_ + "/heads/+",
                                     root_ + "/to/" + name_of(terms_.config.self)};
    if (terms_.helps) filters.push_back("$share/compots/" + root_ + "/jobs");
    if (terms_.looks) filters.push_back("$share/compots/" + root_ + "/pictures");
    return filters;
}

std::string Site::topic_of(Kind kind, NodeId to) const {
    if (kind == Kind::Heads) return root_ + "/heads/" + name_of(terms_.config.self);
    if (kind == Kind::Job) return root_ + "/jobs";
    if (kind == Kind::Picture) return root_ + "/pictures";
    return root_ + "/to/" + name_of(to);
}

bool Site::send(Kind kind, NodeId to, const ByteString& body, Time now) {
    Out out;
    out.topic = topic_of(kind, to);
    const std::size_t price = kEnvelopeBytes + body.size() + out.topic.size() + kCarrierBytes;
    const std::size_t reserve = is_for_job(kind) ? 0 : budget_.per_hour() / kJobShare;
    if (!budget_.pay(price, reserve, now)) {
        ++counters_.unpaid;
        short_until_ = budget_.affordable_at(price, reserve, now);
        return false;
    }
    out.envelope = envelopes_.seal(kind, to, body);
    out.retained = kind == Kind::Heads;
    ++counters_.sent[kind];
    counters_.bytes[kind] += out.envelope.size();
    counters_.bytes_sent += out.envelope.size();
    counters_.bytes_priced += price;
    output_.push_back(std::move(out));
    return true;
}

void Site::link(bool up, Time now) {
    // The broker may have begun anew and forgotten what it kept for others.
    if (up && !up_ && now - told_at_ >= terms_.link.again_most) told_.reset();
    up_ = up;
    changed(now);
}

void Site::changed(Time now) { changed_at_ = std::min(changed_at_, now); }

void Site::told(const node::Event& event, const node::Effects& effects, Time now) {
    changed(now);
    const auto* heard = std::get_if<node::Heard>(&event);
    if (heard == nullptr) return;
    for (const node::Effect& effect : effects) {
        const auto* note = std::get_if<node::Note>(&effect);
        if (note != nullptr && note->kind == node::Note::Kind::FrameDropped) return;
    }
    const auto opened = profile::open(keys_, heard->from, heard->id, heard->payload);
    if (!opened.ok()) return;
    if (const auto* request = std::get_if<profile::AssistRequest>(&opened->message))
        asked(heard->from, *request, now);
}

void Site::asked(NodeId asker, const profile::AssistRequest& request, Time now) {
    const JobId id{asker, request.nonce};
    if (has_outcome(id)) return;
    if (answer_to(id)) {
        answered_.push_back(id);  // it did not hear it; not from within the node's own call
        return;
    }
    ByteString body(profile::kFrameBytesMax);
    const auto size = profile::encode_body(request, body);
    if (!size) return;
    body.resize(*size);
    owner_.asked(id, body, now);
}

void Site::heard(BytesView envelope, Time now) {
    const auto opened = envelopes_.open(envelope);
    if (!opened) {
        // The broker returns to us what we told all; an own job means that it chose us to do it.
        if (opened.error() == Error::Unknown && envelope.size() >= kEnvelopeBytes) {
            ByteReader reader(envelope.subspan(3));
            const auto kind = static_cast<Kind>(reader.u8());
            if (NodeId{reader.u32()} == terms_.config.self) {
                if (kind == Kind::Job || kind == Kind::Picture) owner_.came_back(now);
                return;
            }
        }
        ++(opened.error() == Error::Stale ? counters_.stale : counters_.refused);
        return;
    }
    ++counters_.heard;
    take(*opened, now);
    changed(now);
}

void Site::take(const Opened& opened, Time now) {
    const NodeId from = opened.sender;
    bool understood = true;
    const auto then = [&understood](const auto& message, const auto& work) {
        understood = message.ok();
        if (understood) work(*message);
    };
    switch (opened.kind) {
        case Kind::Heads:
            then(parse<Heads>(opened.body), [&](const Heads& it) { hear_heads(from, it, now); });
            break;
        case Kind::Summary:
            then(parse<Summary>(opened.body),
                 [&](const Summary& it) { hear_summary(from, it, now); });
            break;
        case Kind::Items:
            then(parse<Items>(opened.body), [&](const Items& it) { hear_items(it); });
            break;
        case Kind::Job:
            then(parse<Job>(opened.body),
                 [&](const Job& it) { hear_offer(from, Work::Answer, it, now); });
            break;
        case Kind::Claim:
            then(parse<Claim>(opened.body),
                 [&](const Claim& it) { owner_.hear(from, it, now, random_); });
            break;
        case Kind::Award:
            then(parse<Award>(opened.body), [&](const Award& it) { hear_award(from, it, now); });
            break;
        case Kind::Result:
            then(parse<JobResult>(opened.body),
                 [&](const JobResult& it) { hear_result(from, it, now); });
            break;
        case Kind::Done:
            then(parse<Done>(opened.body), [&](const Done& it) { helper_.hear(from, it); });
            break;
        case Kind::Picture:
            then(parse<Job>(opened.body),
                 [&](const Job& it) { hear_offer(from, Work::Look, it, now); });
            break;
        case Kind::Piece:
            then(parse<Piece>(opened.body), [&](const Piece& it) { hear_piece(from, it, now); });
            break;
        case Kind::Want:
            then(parse<Want>(opened.body), [&](const Want& it) { owner_.hear(from, it, now); });
            break;
    }
    if (!understood) ++counters_.refused;
}

void Site::hear_offer(NodeId from, Work work, const Job& job, Time now) {
    if (work == Work::Answer) {
        if (terms_.helps && !has_outcome(job.id)) helper_.hear(from, work, job, now, random_);
    } else if (!parse_description(job.request)) {
        ++counters_.refused;
    } else if (terms_.looks) {
        helper_.hear(from, work, job, now, random_);
    }
}

void Site::hear_award(NodeId from, const Award& award, Time now) {
    const auto job = helper_.hear(from, award, now);
    if (!job) return;
    news_.push_back(fmt::format("{}'s request {:08x} is ours to answer, for {}",
                                name_of(job->id.asker), job->id.nonce, name_of(from)));
    ask_node(*job);
}

void Site::ask_node(const Job& job) {
    ++counters_.executed;
    node::Learned learned;
    learned.from = job.id.asker;
    learned.what = static_cast<std::uint8_t>(MessageType::AssistRequest);
    learned.body = job.request;
    local_.learn(learned);
}

void Site::hear_result(NodeId from, const JobResult& result, Time now) {
    const bool is_picture = owner_.work_of(result.id) == Work::Look;
    // What was seen becomes a fact here: it counts only from one who may sign facts itself.
    const bool is_seen = publisher(from) != nullptr && parse_scene(result.answer).ok();
    const bool valid = is_picture ? is_seen : is_answer(result.id, result.answer);
    if (!owner_.hear(from, result, valid, now)) return;
    if (is_picture) {
        const auto scene = parse_scene(result.answer);
        ++counters_.pictures_answered;
        return news_.push_back(fmt::format("{} looked at a picture of ours: {}, {} %, by {}",
                                           name_of(from), learn::to_string(scene->what),
                                           scene->confidence_permille / 10, scene->backend));
    }
    news_.push_back(fmt::format("{}'s request {:08x} was answered by {}", name_of(result.id.asker),
                                result.id.nonce, name_of(from)));
    answer_here(result.id, result.answer);
}

void Site::hear_piece(NodeId from, const Piece& piece, Time now) {
    const auto picture = helper_.hear(from, piece, now);
    if (!picture) {
        ++counters_.refused;
        return news_.push_back(fmt::format("a picture of {} is refused: {}", name_of(from),
                                           why_refused(picture.error())));
    }
    if (!*picture) return;
    ++counters_.pictures_looked;
    news_.push_back(fmt::format("a picture of {} is ours to look at", name_of(from)));
    local_.look(piece.id, **picture);
}

Result<JobId, std::string> Site::look(const ByteString& jpeg, Time now) {
    if (!looks_like_jpeg(jpeg)) return std::string("only a JPEG crosses between sites");
    if (jpeg.size() > terms_.link.picture_bytes)
        return fmt::format("a picture of {} bytes: the link {} takes {}", jpeg.size(),
                           terms_.link.name, terms_.link.picture_bytes);
    const auto id = owner_.look({terms_.config.self, random_.next32()}, jpeg, now);
    if (!id) return fmt::format("{} jobs are open between sites: no more", kJobsMax);
    if (looking_.insert(*id).second) ++counters_.pictures_sent;
    changed(now);
    return *id;
}

void Site::looked(JobId id, const std::optional<scene::Scene>& scene, Time now) {
    helper_.answered(id, scene ? encode_scene(*scene) : ByteString(), now);
    changed(now);
}

/// What somebody here waits for and is over.
void Site::tell_seen() {
    for (const JobId& id : std::vector<JobId>(looking_.begin(), looking_.end())) {
        const auto answer = owner_.end_of(id);
        if (!answer) continue;
        looking_.erase(id);
        const auto scene = parse_scene(*answer);
        local_.seen(id, scene ? std::optional(*scene) : std::nullopt);
    }
}

/// Said on the air here, where somebody waits for it.
void Site::answer_here(JobId id, const ByteString& facts) {
    node::Learned learned;
    learned.from = id.asker;
    learned.what = static_cast<std::uint8_t>(MessageType::Facts);
    learned.body = facts;
    local_.learn(learned);
}

/// Facts for this request, signed by one whose facts count.
bool Site::is_answer(JobId id, BytesView facts) const {
    const auto delta = learn::parse_delta(facts);
    if (!delta.ok() || delta->to != id.asker || delta->nonce != id.nonce) return false;
    const node::Member* member = publisher(delta->publisher);
    return member != nullptr && learn::verify(*delta, member->signing_public);
}

/// Null when it may not sign facts.
const node::Member* Site::publisher(NodeId id) const {
    for (const node::Member& member : terms_.config.members) {
        if (member.id == id && member.publishes_facts) return &member;
    }
    return nullptr;
}

std::optional<ByteString> Site::answer_to(JobId id) const {
    const auto& evidence = local_.node().evidence();
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        const auto delta = learn::parse_delta(evidence[i].view());
        if (delta.ok() && delta->to == id.asker && delta->nonce == id.nonce)
            return bytes_of(evidence[i].view());
    }
    return std::nullopt;
}

bool Site::has_outcome(JobId id) const {
    const auto& ledger = local_.node().ledger();
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        if (ledger[i].author != id.asker || ledger[i].kind != ledger::Kind::Outcome) continue;
        const auto outcome = ledger::read_outcome(ledger[i].body.view());
        if (outcome.ok() && outcome->nonce == id.nonce) return true;
    }
    return false;
}

template <typename Side>
void Site::say_words(Side& side, Time now) {
    while (const auto word = side.next(now)) {
        // Who is no member can't have asked for a word, but a record may be older than the members.
        if (!is_for_all(word->kind) && !envelopes_.knows(word->to)) {
            side.said(now);
        } else if (send(word->kind, word->to, word->body, now)) {
            side.said(now);
        } else {
            side.put_off(now, short_until_);
        }
    }
}

void Site::do_jobs(Time now) {
    for (const JobId& id : owner_.open_requests()) {
        const bool is_answered = answer_to(id).has_value();
        if (is_answered) answered_.push_back(id);
        if (is_answered || has_outcome(id)) owner_.settled(id, now);
    }
    for (const JobId& id : std::exchange(answered_, {})) {
        if (const auto facts = answer_to(id)) answer_here(id, *facts);
    }
    if (std::exchange(restored_, false)) {
        for (const Job& job : helper_.running()) {
            if (!answer_to(job.id)) ask_node(job);
        }
    }
    for (const Job& job : helper_.running()) {
        if (const auto facts = answer_to(job.id)) helper_.answered(job.id, *facts, now);
    }
    owner_.wake(now);
    helper_.wake(now);
    tell_seen();
    if (!up_) return;
    say_words(owner_, now);
    say_words(helper_, now);
}

Time Site::wake_at() const {
    Time at = changed_at_;
    if (!up_) return std::min({at, owner_.due_at(), helper_.due_at()});
    at = std::min({at, tell_at_, owner_.wake_at(), helper_.wake_at()});
    for (const auto& [id, peer] : peers_) at = std::min(at, peer.speak_at);
    return at;
}

void Site::wake(Time now) {
    if (now >= changed_at_) {
        changed_at_ = kNever;
        if (told_ != heads() && tell_at_ == kNever) tell_at_ = now + terms_.link.gather;
        for (auto& [id, peer] : peers_) compare(id, peer, now);
    }
    do_jobs(now);
    if (!up_) return;
    tell_heads(now);
    tell_peers(now);
}

std::vector<Record> Site::take_records() {
    for (JobRecord& job : owner_.take_records())
        records_.push_back({static_cast<std::uint16_t>(kOwned + job.slot), std::move(job.value)});
    for (JobRecord& job : helper_.take_records())
        records_.push_back({static_cast<std::uint16_t>(kHelped + job.slot), std::move(job.value)});
    std::uint16_t place = 0;
    for (const node::Member& member : terms_.config.members) {
        const std::uint32_t epoch = envelopes_.epoch_of(member.id);
        if (epoch != 0 && epochs_kept_[member.id] != epoch) {
            epochs_kept_[member.id] = epoch;
            ByteString value(4);
            ByteWriter(value).u32(epoch);
            records_.push_back({static_cast<std::uint16_t>(kPeerEpoch + place), std::move(value)});
        }
        ++place;
    }
    return std::exchange(records_, {});
}

std::vector<Out> Site::take_output() { return std::exchange(output_, {}); }

std::vector<std::string> Site::take_news() { return std::exchange(news_, {}); }

}  // namespace compot::bridge
