#include "sim/sweep/run.hpp"

#include <nlohmann/json.hpp>

#include "sim/deployment/world.hpp"
#include "sim/simulation.hpp"

namespace compot::sweep {

namespace {

std::string error_json(const Failure& failure) {
    return nlohmann::json{{"error", failure.sentence}}.dump();
}

std::string run_mesh(const Plan& plan, const Cell& cell) {
    const auto mesh = deployment::parse(plan.text, plan.file, plan.overrides(cell.combination),
                                        deployment::beside(plan.file));
    if (!mesh) return error_json(mesh.error());
    const auto world = deployment::World::create(*mesh, {cell.seed, false});
    if (!world) return error_json(world.error());
    (*world)->run_until(Time{mesh->until});
    return deployment::to_json((*world)->report());
}

}  // namespace

std::string run_cell(const Plan& plan, const Cell& cell, scene::SceneClassifier& classifier) {
    if (deployment::is_deployment(plan.text)) return run_mesh(plan, cell);
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
