#include "sim/deployment/world.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "radio/policy.hpp"
#include "sim/deployment/placement.hpp"

namespace compot::deployment {

namespace {

constexpr std::uint64_t kDestinations = 0xDE57;
constexpr std::uint64_t kChosen = 0xC405;
constexpr std::uint64_t kFailing = 0xFA11;

/// Above so many nodes the messages of some stand for those of all in rings and bins.
constexpr std::size_t kViewsMost = 3000;

/// The firmware's modules hold back above 25 % of busy channel, and above half of the region's
/// share of an hour of their own. SOURCE: Meshtastic firmware 2.7, airtime.
constexpr std::uint16_t kPoliteBusyPermille = 250;
constexpr std::uint16_t kPoliteDutyDivisor = 2;

/// Nobody waits longer for a packet: retries and queues are over by then.
constexpr Duration kMessageLife = 15min;
/// A card goes to onlookers at most so often, and at least.
constexpr Duration kBetweenCards = 1s;
constexpr Duration kBetweenQuietCards = 15min;

/// Ten bins of 1, 2 or 5 times a power of ten metres hold the longest distance.
std::int32_t bin_for(const std::vector<NodePlan>& nodes) {
    std::int32_t least_x = INT32_MAX;
    std::int32_t least_y = INT32_MAX;
    std::int32_t most_x = INT32_MIN;
    std::int32_t most_y = INT32_MIN;
    for (const NodePlan& node : nodes) {
        least_x = std::min(least_x, node.at->x_cm);
        least_y = std::min(least_y, node.at->y_cm);
        most_x = std::max(most_x, node.at->x_cm);
        most_y = std::max(most_y, node.at->y_cm);
    }
    const std::uint64_t longest =
        square_root(ether::distance_squared_cm2({least_x, least_y, 0}, {most_x, most_y, 0}));
    for (std::uint64_t power = 100;; power *= 10)
        for (const std::uint64_t part : {1U, 2U, 5U})
            if (power * part * kBins >= longest) return static_cast<std::int32_t>(power * part);
}

}  // namespace

Result<std::unique_ptr<World>, Failure> World::create(const Deployment& deployment,
                                                      const Options& options) {
    auto nodes = place(deployment, options.seed);
    if (!nodes) return nodes.error();
    return std::unique_ptr<World>(new World(deployment, options, *std::move(nodes)));
}

World::World(const Deployment& deployment, const Options& options, std::vector<NodePlan> nodes)
    : deployment_(deployment),
      options_(options),
      speakers_(deployment, nodes, options.seed),
      movers_(deployment, nodes, options.seed),
      deliveries_(nodes.size()),
      onlookers_(nodes),
      destinations_(options.seed, 0, kDestinations),
      chosen_(options.seed, 0, kChosen),
      bin_cm_(bin_for(nodes)) {
    add_nodes(std::move(nodes));
    plan_events();
    talk_->set_witness(this);
}

void World::add_nodes(std::vector<NodePlan> plans) {
    radio::Settings settings;
    settings.modem = deployment_.modem();
    settings.channels.push_back(radio::default_channel(deployment_.channel));
    settings.firmware = deployment_.firmware;
    settings.hop_limit = deployment_.hop_limit;
    settings.encrypts = options_.encrypts;
    settings.duty_cycle_permille = deployment_.region.duty_cycle_permille;
    ether::Terms terms = deployment_.air.terms;
    terms.seed = options_.seed;
    talk_ = std::make_unique<talk::Talk>(
        settings, std::make_unique<ether::Ether>(terms, path_loss(deployment_)), options_.seed);
    for (NodePlan& plan : plans) {
        const ether::Position at = *plan.at;
        talk_->add({at, plan.power_cdbm, plan.gain_cdb, settings.modem}, plan.role);
        const std::size_t number = nodes_.size();
        const Meter meter(deployment_.energy, plan.power_cdbm);
        nodes_.push_back({std::move(plan), meter, at, Random(options_.seed, number, kFailing)});
    }
    powered_ = nodes_.size();
    for (const LinkLoss& link : deployment_.air.links)
        talk_->ether().set_loss(static_cast<ether::Station>(link.from),
                                static_cast<ether::Station>(link.to), link.loss_cdb);
    topology_ = std::make_unique<Topology>(talk_->ether(), nodes_.size(),
                                           ether::snr_least_cdb(settings.modem.spreading_factor));
    topology_->set_bin_cm(bin_cm_);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        topology_->place(i, nodes_[i].at);
        radio::Identity identity;
        identity.role = nodes_[i].plan.role;
        topology_->set(i, true, radio::policy::relays(identity));
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (topology_->hearers(i) > topology_->hearers(gateway_)) gateway_ = i;
    add_strangers(settings);
}

void World::plan_events() {
    for (std::size_t i = 0; i < speakers_.sources(); ++i)
        push(Time{speakers_.first(i)}, Kind::Speaks, i);
    for (std::size_t i = 0; i < movers_.size(); ++i)
        push(Time{deployment_.mobility.step}, Kind::Moves, i);
    for (std::size_t i = 0; i < nodes_.size(); ++i) plan_failure(i);
    for (std::size_t i = 0; i < deployment_.happenings.size(); ++i)
        push(Time{deployment_.happenings[i].at}, Kind::Happens, i);
    for (std::size_t i = 0; i < strangers_.size(); ++i)
        push(Time{stranger_pause(i)}, Kind::StrangerSpeaks, i);
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (sleeps(nodes_[i])) turn_off(i, Meter::State::Asleep);
    push(Time{1min}, Kind::Minute, 0);
}

Time World::next_at() const {
    const Time own = queue_.empty() ? kNever : queue_.next().at;
    return std::min(own, talk_->next_at());
}

void World::step() {
    const Time at = next_at();
    COMPOT_CHECK(at != kNever);
    now_ = at;
    // At one time what happens to radios comes before what they do about it.
    if (!queue_.empty() && queue_.next().at == at) {
        talk_->set_now(at);
        ++report_.events;
        dispatch(queue_.pop());
    } else {
        talk_->step();
    }
    if (onlookers_.any()) show_changed();
}

void World::run_until(Time until) {
    while (next_at() <= until) step();
    now_ = std::max(now_, until);
}

void World::push(Time at, Kind kind, std::size_t subject) {
    queue_.push(at, static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(subject));
}

void World::dispatch(const queue::Event& event) {
    switch (static_cast<Kind>(event.kind)) {
        case Kind::Speaks: return speak(event.subject);
        case Kind::Moves: return move(event.subject);
        case Kind::Fails: return fail(event.subject);
        case Kind::Returns:
            if (nodes_[event.subject].back == now_) come_back(event.subject);
            return;
        case Kind::Happens: return happen(event.subject);
        case Kind::Minute: return minute();
        case Kind::StrangerSpeaks: return stranger_speaks(event.subject);
        case Kind::FallsAsleep: return fall_asleep(event.subject);
    }
}

bool World::holds_back(std::size_t node) const {
    const radio::Radio& radio = talk_->radio(node);
    const std::uint16_t duty = deployment_.region.duty_cycle_permille;
    return radio.busy_permille(now_) > kPoliteBusyPermille ||
           (duty < 1000 && radio.duty_permille(now_) > duty / kPoliteDutyDivisor);
}

std::optional<std::uint32_t> World::somebody_else(std::size_t node) {
    if (nodes_.size() < 2) return std::nullopt;
    const std::uint32_t pick = destinations_.below(static_cast<std::uint32_t>(nodes_.size()) - 1);
    return pick < node ? pick : pick + 1;
}

void World::speak(std::size_t source) {
    const std::size_t node = speakers_.node(source);
    const Word word = speakers_.say(source);
    const Time next = now_ + speakers_.pause(source);
    if (to_us(next) < to_us(deployment_.until - deployment_.settle))
        push(next, Kind::Speaks, source);
    if (now_ > Time{deployment_.until - deployment_.settle}) return;
    if (!nodes_[node].on) {
        ++report_.no_power;
        return;
    }
    if (nodes_[node].asleep) wake(node);
    if (word.polite && holds_back(node)) {
        ++report_.held_back;
        return;
    }
    const auto to = word.direct ? somebody_else(node) : std::nullopt;
    Deliveries::Said said{static_cast<std::uint32_t>(node), word.port, word.bytes, to};
    said.others = powered_ - 1;
    const std::size_t stride = 1 + nodes_.size() / kViewsMost;
    if (!to && node % stride == 0) said.view = topology_->view(node);
    radio::Packet packet;
    packet.id = PacketId{deliveries_.said(said, now_)};
    packet.to = to ? talk::Talk::id_of(*to) : kBroadcast;
    packet.hop_limit =
        word.hop_limit.value_or(nodes_[node].plan.hop_limit.value_or(deployment_.hop_limit));
    packet.want_ack = word.want_ack;
    packet.data.portnum = word.port;
    if (word.answers) packet.data.request_id = packet.id.value;
    while (packet.data.payload.size() < word.bytes) packet.data.payload.push('a');
    talk_->submit(node, packet);
}

void World::move(std::size_t mover) {
    const Movers::Step step = movers_.step(mover, now_);
    push(now_ + deployment_.mobility.step, Kind::Moves, mover);
    if (!step.moved) return;
    nodes_[step.node].at = step.at;
    talk_->ether().move(static_cast<ether::Station>(step.node), step.at);
    topology_->place(step.node, step.at);
    touch(step.node);
}

void World::minute() {
    push(now_ + 1min, Kind::Minute, 0);
    // What drains and listens without a word changes too, if slowly.
    if (onlookers_.any() && to_us(now_) % to_us(kBetweenQuietCards) == 0)
        for (std::size_t i = 0; i < nodes_.size(); ++i) touch(i);
    deliveries_.forget(now_ - kMessageLife);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        Node& node = nodes_[i];
        if (!node.on) continue;
        if (node.meter.empty(now_)) {
            log(i, "its battery is empty");
            turn_off(i, Meter::State::Off);
            continue;
        }
        if (node.asleep) continue;
        const std::uint16_t busy = talk_->radio(i).busy_permille(now_);
        node.busy_sum += busy;
        ++node.busy_samples;
        node.busy_most = std::max(node.busy_most, busy);
    }
}

void World::touch(std::size_t node) {
    if (onlookers_.any()) dirty_.push_back(node);
}

void World::show_changed() {
    if (dirty_.empty() || now_ < shown_ + kBetweenCards) return;
    shown_ = now_;
    std::sort(dirty_.begin(), dirty_.end());
    dirty_.erase(std::unique(dirty_.begin(), dirty_.end()), dirty_.end());
    for (const std::size_t node : dirty_) show(node);
    dirty_.clear();
}

void World::show(std::size_t index) {
    const Node& node = nodes_[index];
    Onlookers::Now now;
    now.on = node.on && !node.asleep;
    now.at = node.at;
    now.charge_permille = node.meter.charge_permille(now_);
    now.energy = node.meter.energy(now_);
    now.airtime = node.air;
    if (now.on) {
        now.queue = static_cast<std::uint32_t>(talk_->radio(index).queue_size());
        now.busy_permille = talk_->radio(index).busy_permille(now_);
    }
    onlookers_.card(index, now, now_);
}

void World::log(std::size_t node, const char* text) {
    if (onlookers_.any()) onlookers_.log(talk::Talk::id_of(node), text, now_);
}

void World::show_all() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) show(i);
}

void World::add_sink(observe::Sink& sink) {
    onlookers_.add(sink);
    show_all();
}

}  // namespace compot::deployment
