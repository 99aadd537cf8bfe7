#include "observe/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "observe/event_json.hpp"

namespace compot::observe {

namespace {

template <typename Items>
void keep_newest(Items& items, std::size_t count) {
    while (items.size() > count) items.pop_front();
}

/// "open item,item close" where `text` gives each item's text.
template <typename Items, typename Text>
std::string joined(char open, const Items& items, char close, Text text) {
    std::string out(1, open);
    for (const auto& item : items) {
        if (out.size() > 1) out.push_back(',');
        out += text(item);
    }
    out.push_back(close);
    return out;
}

const std::string& itself(const std::string& text) { return text; }

const char* word(Source source) {
    switch (source) {
        case Source::Live: return "live";
        case Source::Recording: return "recording";
        case Source::Node: return "node";
    }
    return "live";
}

Message message(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

/// What each happening changes in the state, and how it is said.
struct Feed::Remember {
    Feed& feed;
    Time at;
    std::string json;

    void operator()(const NodeCard& card) {
        feed.state_.cards[card.id] = encode(card);
        feed.say(Said::Kind::Card, card.id.value, std::move(json));
    }

    void operator()(const PolicyMap& map) {
        feed.state_.policies[map.id] = letters(map);
        other();
    }

    void operator()(const FlightStarted& flight) {
        auto& packets = feed.state_.packets;
        packets.push_back({flight.flight, json, {}});
        keep_newest(packets, feed.limits_.packets);
        feed.say(Said::Kind::Start, flight.flight, std::move(json));
    }

    void operator()(const FlightEnded& flight) {
        auto& packets = feed.state_.packets;
        const auto found = std::find_if(
            packets.rbegin(), packets.rend(),
            [&flight](const Packet& packet) { return packet.flight == flight.flight; });
        if (found != packets.rend()) {
            const std::size_t begin = json.find("\"rx\":") + 5;
            const std::size_t end = json.find(']', begin);  // an element has no array inside
            found->fates = json.substr(begin, end - begin + 1);
        }
        feed.say(Said::Kind::End, flight.flight, std::move(json));
    }

    void operator()(const JobStep& step) {
        auto& jobs = feed.state_.jobs;
        auto found = std::find_if(jobs.begin(), jobs.end(),
                                  [&step](const Job& job) { return job.nonce == step.nonce; });
        if (found == jobs.end()) {
            jobs.push_back({step.nonce, step.asker, step.helper, {}});
            keep_newest(jobs, feed.limits_.jobs);
            found = jobs.end() - 1;
        }
        if (step.helper != kNoNode) found->helper = step.helper;
        found->steps.push_back(fmt::format(R"({{"step":{},"t":{},"text":{}}})", quoted(step.step),
                                           to_us(at), quoted(step.text)));
        keep_newest(found->steps, feed.limits_.job_steps);
        other();
    }

    void operator()(const LedgerLine&) { append(feed.state_.ledger, feed.limits_.ledger_lines); }

    void operator()(const Photo&) { append(feed.state_.photos, feed.limits_.photos); }

    void operator()(const LogLine&) { append(feed.state_.log, feed.limits_.log_lines); }

    void operator()(const Obstacle& obstacle) {
        if (obstacle.present)
            feed.state_.obstacles[obstacle.id] = json;
        else
            feed.state_.obstacles.erase(obstacle.id);
        other();
    }

    void operator()(const Site& site) {
        feed.state_.sites[site.at] = json;
        other();
    }

    void append(std::deque<std::string>& lines, std::size_t count) {
        lines.push_back(json);
        keep_newest(lines, count);
        other();
    }

    void other() { feed.say(Said::Kind::Other, 0, std::move(json)); }
};

Feed::Feed(World world, FeedLimits limits) : world_(std::move(world)), limits_(limits) {
    clock({});
    pending_.clear();
}

void Feed::event(Event event) {
    now_ = std::max(now_, event.at);
    std::visit(Remember{*this, event.at, encode(event)}, event.what);
}

void Feed::clock(const Clock& clock) {
    now_ = std::max(now_, clock.at);
    state_.clock =
        fmt::format(R"({{"finished":{},"outcome":{},"reason":{},"running":{},"speed":{},"t":{}}})",
                    clock.finished, quoted(clock.outcome), quoted(clock.reason), clock.running,
                    clock.speed, to_us(clock.at));
    say(Said::Kind::Clock, 0,
        fmt::format(R"({{"clock":{},"e":"clock","t":{}}})", state_.clock, to_us(clock.at)));
}

void Feed::say(Said::Kind kind, std::uint64_t key, std::string json) {
    pending_.push_back({kind, key, std::move(json)});
}

bool Feed::commit() {
    if (pending_.empty()) return false;
    Delta delta{seq_, seq_ + 1, now_, std::move(pending_), 0, nullptr};
    pending_.clear();
    for (const Said& said : delta.said) delta.bytes += said.json.size();
    delta_bytes_ += delta.bytes;
    deltas_.push_back(std::move(delta));
    ++seq_;
    forget_old_deltas();
    return true;
}

void Feed::forget_old_deltas() {
    while (deltas_.size() > limits_.deltas ||
           (deltas_.size() > 1 && delta_bytes_ > limits_.delta_bytes)) {
        delta_bytes_ -= deltas_.front().bytes;
        deltas_.pop_front();
    }
}

void Feed::restart(World world) {
    world_ = std::move(world);
    state_ = {};
    clock({});
    pending_.clear();
    deltas_.clear();
    delta_bytes_ = 0;
    now_ = Time{};
    ++seq_;
    ++world_count_;
}

bool Feed::has_base(std::uint64_t base) const {
    return base == seq_ || (!deltas_.empty() && base >= deltas_.front().base && base < seq_);
}

Feed::Reader Feed::reader(std::optional<std::uint64_t> resume, const std::string& run) const {
    Reader reader;
    reader.world_ = world_count_;
    if (resume && run == world_.run && has_base(*resume)) {
        reader.resumed_ = true;
        reader.seq_ = *resume;
    }
    return reader;
}

Message Feed::next(Reader& reader) {
    const bool lost = reader.stage_ == Reader::Stage::Follow && !has_base(reader.seq_);
    if (reader.world_ != world_count_ || lost) {
        reader = Reader{};
        reader.world_ = world_count_;
    }
    switch (reader.stage_) {
        case Reader::Stage::Greet:
            reader.resumed_ = reader.resumed_ && has_base(reader.seq_);
            reader.stage_ = reader.resumed_ ? Reader::Stage::Follow : Reader::Stage::Snapshot;
            return hello(reader.resumed_);
        case Reader::Stage::Snapshot:
            commit();  // the state has what is pending, so no later delta may tell it again
            reader.stage_ = Reader::Stage::Follow;
            reader.seq_ = seq_;
            return message(snapshot());
        case Reader::Stage::Follow: break;
    }
    if (reader.seq_ == seq_) return nullptr;
    const std::uint64_t base = reader.seq_;
    reader.seq_ = seq_;
    if (base + 1 != seq_) return merged(base);
    if (!deltas_.back().whole) deltas_.back().whole = merged(base);
    return deltas_.back().whole;
}

Message Feed::hello(bool resumed) const {
    return message(fmt::format(
        R"({{"type":"hello","version":1,"seq":{},"t":{},"scenario":{},"seed":{},"run":{},)"
        R"("resumed":{},"source":"{}","until_us":{},"controls":{}}})",
        seq_, to_us(now_), quoted(world_.scenario), world_.seed, quoted(world_.run), resumed,
        word(world_.source), to_us(world_.until), joined('[', world_.controls, ']', quoted)));
}

/// Of the newest to the oldest event after `base`, says which stay: the newest card of each node
/// and clock, and the newest flights of those that lie wholly inside. A flight that only begins or
/// only ends here stays, or it would hang in the air on the page.
Message Feed::merged(std::uint64_t base) const {
    std::vector<const Said*> stay;
    std::set<std::uint64_t> cards;
    std::set<std::uint64_t> begun;
    std::set<std::uint64_t> skipped;
    bool clock_seen = false;
    std::size_t flights = 0;
    const bool may_skip = base + 1 != seq_;
    const auto first = std::find_if(deltas_.begin(), deltas_.end(),
                                    [base](const Delta& delta) { return delta.base == base; });
    for (auto delta = first; may_skip && delta != deltas_.end(); ++delta) {
        for (const Said& said : delta->said) {
            if (said.kind == Said::Kind::Start) begun.insert(said.key);
        }
    }
    for (auto delta = deltas_.end(); delta != first;) {
        --delta;
        for (auto said = delta->said.rbegin(); said != delta->said.rend(); ++said) {
            if (said->kind == Said::Kind::Card && !cards.insert(said->key).second) continue;
            if (said->kind == Said::Kind::Clock && std::exchange(clock_seen, true)) continue;
            if (said->kind == Said::Kind::End && begun.count(said->key) != 0 &&
                ++flights > limits_.flights_merged)
                skipped.insert(said->key);
            if (skipped.count(said->key) != 0 &&
                (said->kind == Said::Kind::End || said->kind == Said::Kind::Start))
                continue;
            stay.push_back(&*said);
        }
    }
    std::reverse(stay.begin(), stay.end());
    std::string text = fmt::format(R"({{"type":"delta","seq":{},"base":{},"t":{},)", seq_, base,
                                   to_us(deltas_.back().at));
    if (!skipped.empty()) text += fmt::format(R"("flights_skipped":{},)", skipped.size());
    text += "\"events\":";
    text +=
        joined('[', stay, ']', [](const Said* said) -> const std::string& { return said->json; });
    text.push_back('}');
    return message(std::move(text));
}

std::string Feed::job_json(const Job& job) {
    return fmt::format(R"({{"asker":"{}","helper":"{}","nonce":"{:08x}","steps":{}}})",
                       node_name(job.asker), node_name(job.helper), job.nonce,
                       joined('[', job.steps, ']', itself));
}

std::string Feed::packet_json(const Packet& packet) {
    if (packet.fates.empty()) return packet.start;
    return packet.start.substr(0, packet.start.size() - 1) + ",\"fates\":" + packet.fates + "}";
}

std::string Feed::nodes() const {
    return joined('[', state_.cards, ']', [](const auto& card) { return card.second; });
}

std::string Feed::jobs() const { return joined('[', state_.jobs, ']', job_json); }

std::string Feed::ledger() const { return joined('[', state_.ledger, ']', itself); }

std::string Feed::packets() const { return joined('[', state_.packets, ']', packet_json); }

std::string Feed::snapshot() const {
    const State& state = state_;
    const auto named = [](const auto& item) {
        return fmt::format(R"("{}":{})", node_name(item.first), item.second);
    };
    const auto policy = [](const auto& item) {
        return fmt::format(R"("{}":"{}")", node_name(item.first), item.second);
    };
    const auto obstacle = [](const auto& item) {
        return fmt::format(R"("{}":{})", item.first, item.second);
    };
    const auto job = [](const Job& item) {
        return fmt::format(R"("{:08x}":{})", item.nonce, job_json(item));
    };
    return fmt::format(
        R"({{"type":"snapshot","seq":{},"t":{},"state":{{"field":{{"side":{},"cell_m":{}}},)"
        R"("clock":{},"nodes":{},"policies":{},"obstacles":{},"sites":{},"jobs":{},)"
        R"("ledger":{},"photos":{},"packets":{},"log":{}}}}})",
        seq_, to_us(now_), learn::kGridSide, world_.cell_m, state.clock,
        joined('{', state.cards, '}', named), joined('{', state.policies, '}', policy),
        joined('{', state.obstacles, '}', obstacle),
        joined('[', state.sites, ']', [](const auto& site) { return site.second; }),
        joined('{', state.jobs, '}', job), ledger(), joined('[', state.photos, ']', itself),
        packets(), joined('[', state.log, ']', itself));
}

}  // namespace compot::observe
