#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "core/base/check.hpp"
#include "host/bridge/fixture.hpp"
#include "tests/acceptance/bridge/broker.hpp"
#include "tests/acceptance/bridge/place.hpp"
#include "tests/acceptance/bridge/real_broker.hpp"

/// Promise: sites joined by a broker, each link down nine minutes of ten, come to hold the same
/// registry and ledger, byte for byte; and a request that nobody near can answer crosses, is
/// executed by one Compot and ends once, and so does a picture that somebody is to look at,
/// whatever the broker repeats, reorders or delays, also when a side is killed in between.
///
/// usage: two_sites [SEEDS [FIRST]]  runs in simulated time, with three sites in every second
///        two_sites broker           one run over a real Mosquitto, the worlds 60 times faster than
///        it

namespace {

using namespace compot;
using namespace compot::two_sites;

constexpr Duration kStep = 500ms;
constexpr Duration kPatience = 6h;
constexpr Duration kQuiet = 1h;  ///< after which nothing may have changed

int failed = 0;

void verdict(const std::string& what, const std::string& figure, const std::string& threshold,
             bool good) {
    std::printf("%s: %s (%s): %s\n", what.c_str(), figure.c_str(), threshold.c_str(),
                good ? "pass" : "FAIL");
    failed += good ? 0 : 1;
}

scenario::Scenario load() {
    const auto scenario = scenario::load("tests/acceptance/bridge/scenario.toml", {});
    if (!scenario) {
        std::fprintf(stderr, "two_sites: %s\n", scenario.error().sentence.c_str());
        std::exit(2);
    }
    return *scenario;
}

std::vector<std::unique_ptr<Place>> places(const scenario::Scenario& scenario, std::uint64_t seed,
                                           std::size_t count) {
    const std::vector<PlaceTerms> all{
        {scenario, seed, "hut", {"hut", "beta", "gamma"}, bridge::satellite(), false},
        {scenario, seed, "compot", {"compot", "delta"}, bridge::satellite(), true},
        {scenario, seed, "second", {"second", "epsilon"}, bridge::satellite(), true}};
    std::vector<std::unique_ptr<Place>> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(std::make_unique<Place>(all[i]));
    return made;
}

/// Of the size that a satellite's picture has.
bridge::ByteString picture() { return bridge::test_jpeg(2900); }

using Places = std::vector<std::unique_ptr<Place>>;

const sim::Unit* unit_named(const Place& place, const std::string& name) {
    for (const sim::Unit& unit : place.world().units()) {
        if (unit.plan.name == name && unit.alive()) return &unit;
    }
    return nullptr;
}

bridge::ByteString ledger_bytes(const node::Node& node) {
    bridge::ByteString bytes;
    for (std::size_t i = 0; i < node.ledger().size(); ++i) {
        const auto entry = ledger::encode(node.ledger()[i]);
        bytes.insert(bytes.end(), entry.begin(), entry.end());
    }
    return bytes;
}

bridge::ByteString registry_bytes(const node::Node& node) {
    bridge::ByteString bytes;
    for (std::size_t i = 0; i < node.registry().size(); ++i) {
        const auto record = registry::encode(node.registry()[i].record);
        bytes.insert(bytes.end(), record.begin(), record.end());
    }
    return bytes;
}

/// All edges hold the same bytes of ledger and registry, with a record of everybody; all nodes have
/// equal ledgers, whatever older entries a Cat has given up.
bool are_equal(const Places& places) {
    std::set<bridge::ByteString> ledgers;
    std::set<std::uint64_t> digests;
    std::set<bridge::ByteString> registries;
    std::size_t nodes = 0;
    for (const auto& place : places) {
        if (!place->alive()) return false;
        registries.insert(registry_bytes(place->node()));
        ledgers.insert(ledger_bytes(place->node()));
        for (const sim::Unit& unit : place->world().units()) {
            if (!unit.alive()) continue;
            ++nodes;
            digests.insert(unit.node->ledger().digest());
        }
    }
    return ledgers.size() == 1 && registries.size() == 1 && digests.size() == 1 &&
           places[0]->node().registry().size() == nodes;
}

/// Entries of Beta that end a request, as `node` holds them.
std::size_t ends(const node::Node& node, NodeId beta) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < node.ledger().size(); ++i) {
        const ledger::Entry& entry = node.ledger()[i];
        if (entry.author == beta && entry.kind == ledger::Kind::Outcome) ++count;
    }
    return count;
}

/// Distinct answers that were signed for Beta.
std::size_t answers(const Places& places, NodeId beta) {
    std::set<bridge::ByteString> signed_for;
    for (const auto& place : places) {
        const auto& evidence = place->node().evidence();
        for (std::size_t i = 0; i < evidence.size(); ++i) {
            const auto delta = learn::parse_delta(evidence[i].view());
            if (delta.ok() && delta->to == beta)
                signed_for.insert({evidence[i].begin(), evidence[i].end()});
        }
    }
    return signed_for.size();
}

/// What a site had to learn from the others, in bytes: it is lacking before the first word.
std::size_t lacked(const Place& place, NodeId written_at_hut) {
    std::set<NodeId> own;
    if (place.terms().edge == "hut") own.insert(written_at_hut);
    for (const sim::Unit& unit : place.world().units()) {
        if (unit.alive()) own.insert(unit.id());
    }
    std::size_t bytes = 0;
    const node::Node& node = place.node();
    for (std::size_t i = 0; i < node.ledger().size(); ++i)
        if (own.count(node.ledger()[i].author) == 0)
            bytes += ledger::encode(node.ledger()[i]).size();
    for (std::size_t i = 0; i < node.registry().size(); ++i)
        if (own.count(node.registry()[i].record.node) == 0)
            bytes += registry::encode(node.registry()[i].record).size();
    const auto& evidence = node.evidence();
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        const auto delta = learn::parse_delta(evidence[i].view());
        if (delta.ok() && own.count(delta->publisher) == 0) bytes += evidence[i].size();
    }
    return bytes;
}

/// Whose entries write_history() leaves at the first site.
NodeId historian(const Place& place) {
    for (const sim::Unit& unit : place.world().units()) {
        if (unit.plan.name == "epsilon") return unit.id();
    }
    return kNoNode;
}

struct Outcome {
    bool converged = false;
    Time at{};
    std::size_t ends = 0;
    std::size_t answers = 0;
    std::uint64_t executed = 0;
    Time seen_at{};            ///< when the picture's answer was told
    std::size_t sights = 0;    ///< what was told of the picture, and is right
    std::uint64_t looked = 0;  ///< at it
    std::uint64_t bytes = 0;
    std::uint64_t sync_bytes = 0;
    std::uint64_t job_bytes = 0;
    std::uint64_t priced = 0;
    std::uint64_t lacked = 0;
    std::uint64_t stale = 0;
    bool quiet = true;
};

void fill(Outcome& outcome, const Places& places, NodeId beta) {
    outcome.ends = ends(places[0]->node(), beta);
    outcome.answers = answers(places, beta);
    outcome.executed = outcome.bytes = outcome.priced = outcome.lacked = outcome.stale = 0;
    outcome.sync_bytes = outcome.job_bytes = outcome.looked = 0;
    outcome.sights = 0;
    for (const scene::Scene& scene : places[0]->sights())
        outcome.sights += scene.what == kSight ? 1 : 0;
    for (const auto& place : places) {
        const auto sums = place->sums();
        outcome.executed += sums.executed;
        outcome.looked += sums.looked;
        outcome.bytes += sums.bytes_sent;
        outcome.priced += sums.bytes_priced;
        outcome.stale += sums.stale;
        outcome.lacked += lacked(*place, historian(*places[0]));
        for (const auto& [kind, bytes] : sums.bytes)
            (kind >= bridge::Kind::Job ? outcome.job_bytes : outcome.sync_bytes) += bytes;
        if (std::getenv("TWO_SITES_VERBOSE") != nullptr)
            for (const auto& [kind, count] : sums.sent)
                std::printf("    %s kind %d: %llu envelopes, %llu bytes\n",
                            place->terms().edge.c_str(), static_cast<int>(kind),
                            static_cast<unsigned long long>(count),
                            static_cast<unsigned long long>(sums.bytes.at(kind)));
    }
}

/// Entries of a node that is at none of two sites, heard at the first: something to catch up with.
void write_history(const scenario::Scenario& scenario, Place& place) {
    constexpr std::uint16_t kEntries = 25;
    const auto enrolment = scenario::enrol(scenario);
    const node::Config& author = enrolment.nodes[*scenario.node_named("epsilon")];
    const ledger::Signer signer{author.self, author.signing_seed,
                                crypto::signing_public(author.signing_seed)};
    ledger::Ledger own;
    for (std::uint16_t i = 0; i < kEntries; ++i) {
        const auto entry = own.append(signer, ledger::Kind::Joined,
                                      ledger::write_body(ledger::JoinedBody{1, i, 0}), i + 1U);
        const auto bytes = ledger::encode(*entry);
        node::Learned learned;
        learned.what = static_cast<std::uint8_t>(profile::MessageType::LedgerEntry);
        learned.body = bytes.view();
        place.learn(learned);
    }
}

/// One run in simulated time.
class Run {
public:
    Run(const scenario::Scenario& scenario, std::uint64_t seed, std::size_t sites)
        : places_(places(scenario, seed, sites)), broker_({}, seed), random_(seed, 1, 2) {
        for (std::size_t i = 0; i < sites; ++i)
            broker_.subscribe(i, places_[i]->site().subscriptions());
        if (sites == 2) write_history(scenario, *places_[0]);
        places_[0]->ask(picture());
        beta_ = unit_named(*places_[0], "beta")->id();
        // One side dies on the way and is back some minutes later.
        victim_ = seed % sites;
        dies_ = Time{Duration{random_.between(30, 1800) * 1s}};
        back_ = dies_ + Duration{random_.between(60, 900) * 1s};
    }

    Outcome run() {
        Outcome outcome;
        while (now_ < Time{kPatience}) {
            step();
            if (outcome.seen_at == Time{} && !places_[0]->sights().empty()) outcome.seen_at = now_;
            if (now_ <= back_ || !are_equal(places_) || ends(places_[0]->node(), beta_) == 0 ||
                places_[0]->sights().empty())
                continue;
            outcome.converged = true;
            outcome.at = now_;
            break;
        }
        if (!outcome.converged) {
            fill(outcome, places_, beta_);
            tell_state();
            return outcome;
        }
        fill(outcome, places_, beta_);
        const auto before = outcome;
        repeat_everything();
        for (const Time end = now_ + kQuiet; now_ < end;) step();
        fill(outcome, places_, beta_);
        outcome.quiet = are_equal(places_) && outcome.executed == before.executed &&
                        outcome.ends == before.ends && outcome.answers == before.answers &&
                        outcome.sights == before.sights && outcome.looked == before.looked;
        outcome.bytes = before.bytes;
        outcome.sync_bytes = before.sync_bytes;
        outcome.job_bytes = before.job_bytes;
        outcome.priced = before.priced;
        outcome.lacked = before.lacked;
        return outcome;
    }

private:
    void step() {
        now_ += kStep;
        if (now_ >= dies_ && !died_) {
            places_[victim_]->kill();
            died_ = true;
        }
        if (now_ >= back_ && !revived_) {
            places_[victim_]->revive();
            revived_ = true;
        }
        for (std::size_t i = 0; i < places_.size(); ++i) {
            Place& place = *places_[i];
            if (place.alive()) {
                place.site().link(broker_.is_up(i, now_), now_);
                for (const auto& envelope : broker_.deliver(i, now_))
                    place.site().heard(envelope, now_);
            }
            place.run_until(now_);
            if (!place.alive()) continue;
            for (const bridge::Out& out : place.site().take_output()) broker_.publish(i, out, now_);
        }
    }

    /// For people who wonder why.
    void tell_state() const {
        std::printf("  site %zu was away from %lld to %lld s\n", victim_,
                    static_cast<long long>(dies_.time_since_epoch() / 1s),
                    static_cast<long long>(back_.time_since_epoch() / 1s));
        for (const auto& place : places_) {
            for (const sim::Unit& unit : place->world().units()) {
                if (!unit.alive()) continue;
                std::printf(
                    "  %s: %zu answers, ledger of %zu (%016llx), registry of %zu (%016llx)\n",
                    unit.plan.name.c_str(), unit.node->evidence().size(),
                    unit.node->ledger().size(),
                    static_cast<unsigned long long>(unit.node->ledger().digest()),
                    unit.node->registry().size(),
                    static_cast<unsigned long long>(unit.node->registry().digest()));
            }
        }
    }

    /// A broker, or who listens there, says everything again to everybody.
    void repeat_everything() {
        for (const auto& envelope : broker_.overheard()) {
            for (const auto& place : places_) place->site().heard(envelope, now_);
        }
    }

    Places places_;
    Broker broker_;
    Random random_;
    NodeId beta_;
    Time now_{};
    std::size_t victim_ = 0;
    Time dies_;
    Time back_;
    bool died_ = false;
    bool revived_ = false;
};

void simulated(std::uint64_t seeds, std::uint64_t first) {
    const auto scenario = load();
    std::uint64_t converged = 0;
    std::uint64_t once = 0;
    std::uint64_t one_executed = 0;
    std::uint64_t seen = 0;
    std::uint64_t quiet = 0;
    std::vector<std::int64_t> minutes;
    std::vector<std::int64_t> seen_minutes;
    Outcome sum;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const std::size_t sites = seed % 2 == 0 ? 3 : 2;
        const Outcome run = Run(scenario, seed, sites).run();
        const bool good = run.converged && run.ends == 1 && run.answers == 1 && run.executed >= 1 &&
                          run.executed <= 2 && run.sights == 1 && run.looked >= 1 &&
                          run.looked <= 2 && run.quiet;
        if (!good)
            std::printf(
                "  seed %llu: %s, %zu ends, %zu answers, %llu executions, %zu sights, %llu looks, "
                "%s\n",
                static_cast<unsigned long long>(seed), run.converged ? "equal" : "not equal",
                run.ends, run.answers, static_cast<unsigned long long>(run.executed), run.sights,
                static_cast<unsigned long long>(run.looked),
                run.quiet ? "quiet" : "changed by repetitions");
        converged += run.converged ? 1 : 0;
        once += run.ends == 1 ? 1 : 0;
        one_executed += run.answers == 1 && run.executed <= 2 ? 1 : 0;
        seen += run.sights == 1 && run.looked <= 2 ? 1 : 0;
        sum.looked += run.looked;
        quiet += run.quiet ? 1 : 0;
        minutes.push_back(run.at.time_since_epoch() / 1min);
        seen_minutes.push_back(run.seen_at.time_since_epoch() / 1min);
        sum.priced += run.priced;
        sum.job_bytes += run.job_bytes;
        if (sites == 2) {
            sum.sync_bytes += run.sync_bytes;
            sum.lacked += run.lacked;
        }
        sum.executed += run.executed;
    }
    std::sort(minutes.begin(), minutes.end());
    std::sort(seen_minutes.begin(), seen_minutes.end());
    const std::string of = " of " + std::to_string(seeds);
    const auto all = [&](const std::string& what, std::uint64_t count) {
        verdict(what, std::to_string(count) + of, "all", count == seeds);
    };
    all("ledger and registry of the edges equal, byte for byte, and all nodes' ledgers by digest",
        converged);
    all("the job ended once", once);
    all("one Compot's signed answer", one_executed);
    all("a picture of 2,900 bytes seen by one Compot, and told once", seen);
    all("everything said again by the broker changed nothing", quiet);
    std::printf(
        "  executions: %llu, looks: %llu, for %llu of each (one more where the helper was "
        "killed at it)\n",
        static_cast<unsigned long long>(sum.executed), static_cast<unsigned long long>(sum.looked),
        static_cast<unsigned long long>(seeds));
    std::printf("  equal and ended after: median %lld min, longest %lld min (6 h at most)\n",
                static_cast<long long>(minutes[minutes.size() / 2]),
                static_cast<long long>(minutes.back()));
    std::printf("  the picture's answer told after: median %lld min, longest %lld min\n",
                static_cast<long long>(seen_minutes[seen_minutes.size() / 2]),
                static_cast<long long>(seen_minutes.back()));
    const std::uint64_t pairs = (seeds + 1) / 2;
    const double ratio = static_cast<double>(sum.sync_bytes) /
                         static_cast<double>(std::max<std::uint64_t>(1, sum.lacked));
    char figure[96];
    std::snprintf(figure, sizeof figure, "%llu for %llu that differed: %.2f times",
                  static_cast<unsigned long long>(sum.sync_bytes / pairs),
                  static_cast<unsigned long long>(sum.lacked / pairs), ratio);
    verdict("bytes over the link to become equal, two sites", figure, "at most 2 times",
            ratio <= 2);
    std::printf(
        "  bytes for both jobs, from offer to end: %llu; all priced with what carries them: %llu\n",
        static_cast<unsigned long long>(sum.job_bytes / seeds),
        static_cast<unsigned long long>(sum.priced / seeds));
}

void over_broker() {
    const auto scenario = load();
    const Places places = ::places(scenario, 1, 2);
    const NodeId beta = unit_named(*places[0], "beta")->id();
    places[0]->ask(picture());
    const auto run = run_over_mosquitto(places, [&] {
        return are_equal(places) && ends(places[0]->node(), beta) > 0 &&
               !places[0]->sights().empty();
    });
    if (!run.has_broker) {
        std::printf("skipped: no Mosquitto in .deps (tools/install.sh)\n");
        std::exit(77);
    }
    Outcome outcome;
    if (run.done) fill(outcome, places, beta);
    verdict("over a real Mosquitto, up 0.5 s of 5: equal after",
            std::to_string(run.world_time / 1min) + " min of the worlds, " +
                std::to_string(run.connections) + " connections",
            "360 min at most", run.done);
    verdict("the job ended, executed",
            std::to_string(outcome.ends) + " and " + std::to_string(outcome.executed), "once each",
            outcome.ends == 1 && outcome.executed == 1 && outcome.answers == 1);
    verdict("the picture looked at, and told",
            std::to_string(outcome.looked) + " and " + std::to_string(outcome.sights), "once each",
            outcome.looked == 1 && outcome.sights == 1);
}

}  // namespace

int main(int count, char** words) {
    if (count == 2 && std::strcmp(words[1], "broker") == 0) {
        over_broker();
    } else {
        const auto number = [&](int place, std::uint64_t fallback) {
            return count > place ? std::strtoull(words[place], nullptr, 10) : fallback;
        };
        simulated(std::max<std::uint64_t>(1, number(1, 20)), number(2, 1));
    }
    return failed == 0 ? 0 : 1;
}
