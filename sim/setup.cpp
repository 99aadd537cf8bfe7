// How a world begins: who stands where, what stands in the way, and what is planned to happen.
#include <algorithm>

#include "core/base/check.hpp"
#include "sim/simulation.hpp"

namespace compot::sim {

namespace {

constexpr std::uint64_t kPhase = 0x9A5E;
constexpr std::uint64_t kBlockage = 0xB10C;
constexpr std::uint64_t kPacketIds = 0x1D;
constexpr Duration kBusyEvery = 10s;

std::unique_ptr<ether::PathLoss> make_path_loss(const scenario::Air& air) {
    switch (air.propagation) {
        case scenario::Propagation::FreeSpace:
            return std::make_unique<ether::FreeSpace>(air.frequency_khz);
        case scenario::Propagation::TwoRay:
            return std::make_unique<ether::TwoRay>(air.frequency_khz);
        case scenario::Propagation::LogDistance: break;
    }
    return std::make_unique<ether::LogDistance>(air.reference_loss_cdb, 100,
                                                air.exponent_hundredths);
}

ether::Terms ether_terms(const scenario::Air& air, std::uint64_t seed) {
    ether::Terms terms;
    terms.seed = seed;
    terms.noise_figure_cdb = air.noise_figure_cdb;
    terms.shadowing_cdb = air.shadowing_cdb;
    terms.asymmetry_cdb = air.asymmetry_cdb;
    terms.loss_millionths = air.loss_millionths;
    terms.capture = air.capture;
    terms.ridges = air.ridges;
    return terms;
}

/// The rest of a sentence about a name that is none.
std::string no_such_node(const scenario::Scenario& scenario) {
    std::string names;
    for (const scenario::NodePlan& plan : scenario.nodes)
        names += (names.empty() ? "" : ", ") + plan.name;
    return ": no node of " + scenario.name + " is called so; there are " + names;
}

/// The middle of a tile.
ether::Position position(const scenario::Scenario& scenario, learn::Cell cell,
                         std::int32_t height_cm) {
    return {scenario.cell_cm * cell.x + scenario.cell_cm / 2,
            scenario.cell_cm * cell.y + scenario.cell_cm / 2, height_cm};
}

}  // namespace

Simulation::Simulation(const scenario::Scenario& scenario, const Options& options)
    : scenario_(scenario), options_(options), ids_(options.seed, 0, kPacketIds) {
    ether_ = std::make_unique<ether::Ether>(ether_terms(scenario_.air, options_.seed),
                                            make_path_loss(scenario_.air));
}

Result<std::unique_ptr<Simulation>, Failure> Simulation::create(const scenario::Scenario& scenario,
                                                                const Options& options) {
    std::unique_ptr<Simulation> world(new Simulation(scenario, options));
    if (const auto ready = world->set_up(); !ready) return ready.error();
    return world;
}

Result<void, Failure> Simulation::set_up() {
    for (const std::string& name : options_.without) {
        const auto absent = scenario_.node_named(name);
        if (!absent) return Failure{"--without " + name + no_such_node(scenario_)};
        scenario_.nodes[*absent].present = false;
    }
    for (const std::string& name : options_.radioless) {
        const auto& external = options_.external;
        if (std::find(external.begin(), external.end(), name) == external.end())
            return Failure{"--no-radio " + name + ": only an --external node can be without one"};
    }
    for (const std::string& name : options_.external) {
        const auto elsewhere = scenario_.node_named(name);
        if (!elsewhere) return Failure{"--external " + name + no_such_node(scenario_)};
    }
    if (!scenario_.firmware.empty() && !options_.real_time)
        return Failure{scenario_.name + " has real firmware in it (" + scenario_.firmware[0].name +
                       "): it runs in real time, by compotastic sim alone"};
    add_units();
    add_things();
    if (const auto planned = plan_blockage(); !planned) return planned;
    strangers_ = std::make_unique<Strangers>(scenario_, options_.seed, *ether_);
    guests_ = std::make_unique<Guests>(settings_->modem, options_.seed);
    for (const scenario::FirmwarePlan& plan : scenario_.firmware)
        guests_->add(plan, position(scenario_, plan.at, plan.antenna_cm), *ether_);
    guest_numbers_.resize(guests_->size());
    unit_at_.resize(ether_->stations());
    plan_events();
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].plan.present) boot(i);
    }
    return {};
}

void Simulation::add_units() {
    scenario::Enrolment enrolment = scenario::enrol(scenario_);
    channel_ = enrolment.channel;
    auto settings = std::make_shared<radio::Settings>();
    settings->modem = air::modem(scenario_.preset);
    settings->channels = {channel_};
    settings->hop_limit = scenario_.hop_limit;
    settings->duty_cycle_permille = scenario_.duty_cycle_permille;
    settings_ = settings;
    for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
        const scenario::NodePlan& plan = scenario_.nodes[i];
        Unit unit(plan, enrolment.nodes[i]);
        unit.external = std::find(options_.external.begin(), options_.external.end(), plan.name) !=
                        options_.external.end();
        const auto& radioless = options_.radioless;
        unit.radioless =
            std::find(radioless.begin(), radioless.end(), plan.name) != radioless.end();
        ether::Antenna antenna;
        antenna.at = position(scenario_, plan.at, plan.antenna_cm);
        antenna.power_cdbm = plan.power_cdbm;
        antenna.gain_cdb = plan.gain_cdb;
        antenna.modem = settings_->modem;
        unit.station = ether_->add(antenna);
        ether_->set_power(unit.station, false, now_);
        unit_at_.emplace_back(i);
        if (plan.duties.works && !worker_) worker_ = i;
        units_.push_back(std::move(unit));
    }
    for (const scenario::Link& link : scenario_.air.links) {
        ether_->set_loss(units_[link.from].station, units_[link.to].station, link.loss_cdb);
    }
    chronicle_.enrol(worker_ ? units_[*worker_].id() : kNoNode, scenario_.purse);
}

void Simulation::add_things() {
    for (const learn::Cell site : scenario_.sites) field_.add_site(site);
    for (const scenario::ObstaclePlan& plan : scenario_.obstacles) {
        COMPOT_CHECK(field_.put(plan.at, plan.what).ok());
        if (plan.known) onlookers_.label(plan.at, plan.what);
    }
}

/// Where a worker's policy leads it from its start to the first site that it would work.
std::vector<learn::Cell> Simulation::first_leg(const Unit& worker) const {
    const auto scratch = std::make_unique<node::Node>(worker.config);
    node::Effects ignored;
    scratch->handle(node::Booted{options_.seed}, Time{}, ignored);
    const auto best = scratch->best_actions();
    std::vector<learn::Cell> route{worker.at};
    while (route.size() <= learn::kCells) {
        const learn::Action action = best[route.back().index()];
        if (!learn::is_move(action)) break;
        const learn::Cell next = learn::neighbour(route.back(), action);
        if (next == route.back()) break;
        route.push_back(next);
    }
    return route;
}

Result<void, Failure> Simulation::plan_blockage() {
    const scenario::Blockage& blockage = scenario_.blockage;
    if (!blockage.appears) return {};
    if (!worker_) return Failure{"blockage: no node works, so there is no route to block"};
    Random random(options_.seed, 0, kBlockage);
    const auto drawn = static_cast<learn::TileClass>(1 + random.below(3));
    blocked_class_ = blockage.what.value_or(drawn);
    const auto tiles =
        field::blockable_tiles(field_, first_leg(units_[*worker_]), blockage.steps_least);
    if (tiles.empty()) {
        return Failure{
            "blockage: no tile of the first route can be blocked and leave a way round; "
            "move the sites or lower blockage.steps_least"};
    }
    blocked_cell_ = tiles[random.below(static_cast<std::uint32_t>(tiles.size()))];
    for (const std::string& name : blockage.known_to) {
        const auto who = scenario_.node_named(name);
        COMPOT_CHECK(who.has_value());
        if (!units_[*who].config.known.try_push(learn::Fact{blocked_cell_, blocked_class_})) {
            return Failure{"blockage.known_to: " + name + " knows too many facts already"};
        }
        onlookers_.label(blocked_cell_, blocked_class_);
    }
    push(Time{blockage.at}, Kind::Blockage, 0);
    return {};
}

void Simulation::plan_events() {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        // Bodies and radios don't tick in step with each other.
        Random phase(options_.seed, units_[i].id().value, kPhase);
        const auto decision = static_cast<std::uint32_t>(scenario_.decision.count());
        push(Time{scenario_.bodies_start + Duration{1 + phase.below(decision)}}, Kind::Decision, i);
        push(Time{kBusyEvery + Duration{phase.below(1'000'000)}}, Kind::BusyReport, i);
    }
    for (std::size_t i = 0; i < strangers_->size(); ++i) {
        push(strangers_->first(i), Kind::StrangerTurn, i);
    }
    for (std::size_t i = 0; i < scenario_.happenings.size(); ++i) {
        push(Time{scenario_.happenings[i].at}, Kind::Happening, i);
    }
}

}  // namespace compot::sim
