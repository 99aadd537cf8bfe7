#include "sim/sweep/run.hpp"

#include <nlohmann/json.hpp>

#include "sim/simulation.hpp"

namespace compot::sweep {

namespace {

std::string error_json(const Failure& failure) {
    return nlohmann::json{{"error", failure.sentence}}.dump();
}

}  // namespace

std::string run_cell(const Plan& plan, const Cell& cell, scene::SceneClassifier& classifier) {
    const auto scenario = scenario::parse(plan.text, plan.file, plan.overrides(cell.combination));
    if (!scenario) return error_json(scenario.error());
    sim::Options terms;
    terms.seed = cell.seed;
    terms.without = plan.without;
    terms.classifier = &classifier;
    auto world = sim::Simulation::create(*scenario, terms);
    if (!world) return error_json(world.error());
    const Time until{scenario->until};
    while (!(*world)->finished() && (*world)->now() < until)
        (*world)->run_until(std::min(until, (*world)->now() + 1s));
    return sim::to_json((*world)->report());
}

}  // namespace compot::sweep
