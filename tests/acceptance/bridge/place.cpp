#include "tests/acceptance/bridge/place.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::two_sites {

Place::Place(const PlaceTerms& terms) : terms_(terms) {
    const auto enrolment = scenario::enrol(terms_.scenario);
    const auto edge = terms_.scenario.node_named(terms_.edge);
    COMPOT_CHECK(edge.has_value());
    config_ = enrolment.nodes[*edge];
    id_ = config_.self;
    sim::Options options;
    options.seed = terms_.seed;
    for (const auto& plan : terms_.scenario.nodes) {
        if (std::find(terms_.nodes.begin(), terms_.nodes.end(), plan.name) == terms_.nodes.end())
            options.without.push_back(plan.name);
    }
    auto world = sim::Simulation::create(terms_.scenario, options);
    COMPOT_CHECK(world.ok());
    world_ = *std::move(world);
    start_bridge();
    world_->set_watcher(this);
}

void Place::start_bridge() {
    bridge::Terms terms;
    terms.config = config_;
    terms.link = terms_.link;
    terms.epoch = ++epoch_;
    terms.entropy = terms_.seed * 1000 + epoch_;
    terms.helps = terms.looks = terms_.helps;
    site_ = std::make_unique<bridge::Site>(terms, *this);
    for (const auto& [key, value] : records_) site_->restore({key, value});
    if (!picture_.empty() && sights_.empty()) ask(picture_);
}

void Place::ask(const bridge::ByteString& jpeg) {
    picture_ = jpeg;
    COMPOT_CHECK(site_->look(jpeg, world_->now()).ok());
}

void Place::look(bridge::JobId id, const bridge::ByteString&) {
    site_->looked(id, scene::Scene{kSight, 900, "stand-in"}, world_->now());
}

void Place::seen(bridge::JobId, const std::optional<scene::Scene>& scene) {
    if (scene) sights_.push_back(*scene);
}

void Place::run_until(Time now) {
    world_->run_until(now);
    if (site_ == nullptr) return;
    if (site_->wake_at() <= now) site_->wake(now);
    // What is on its way may be told only of what is kept.
    for (bridge::Record& record : site_->take_records())
        records_[record.key] = std::move(record.value);
}

void Place::kill() {
    before_ = sums();
    site_.reset();
    COMPOT_CHECK(world_->drop(id_).ok());
}

void Place::revive() {
    COMPOT_CHECK(world_->revive(id_).ok());
    start_bridge();
}

const node::Node& Place::node() const {
    const auto unit = std::find_if(world_->units().begin(), world_->units().end(),
                                   [this](const sim::Unit& each) { return each.id() == id_; });
    COMPOT_CHECK(unit != world_->units().end() && unit->node != nullptr);
    return *unit->node;
}

void Place::learn(const node::Learned& learned) { world_->teach(id_, learned); }

void Place::told(NodeId node, const node::Event& event, const node::Effects& effects) {
    if (node == id_ && site_ != nullptr) site_->told(event, effects, world_->now());
}

Place::Sums Place::sums() const {
    Sums sums = before_;
    if (site_ == nullptr) return sums;
    const auto& now = site_->counters();
    sums.bytes_sent += now.bytes_sent;
    sums.bytes_priced += now.bytes_priced;
    sums.executed += now.executed;
    sums.looked += now.pictures_looked;
    sums.stale += now.stale;
    for (const auto& [kind, count] : now.sent) sums.sent[kind] += count;
    for (const auto& [kind, bytes] : now.bytes) sums.bytes[kind] += bytes;
    return sums;
}

}  // namespace compot::two_sites
