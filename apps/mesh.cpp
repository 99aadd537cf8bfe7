#include "apps/mesh.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "apps/pace.hpp"
#include "apps/progress.hpp"
#include "apps/run_files.hpp"
#include "apps/runner.hpp"
#include "sim/deployment/world.hpp"

namespace compot::apps {

namespace {

using deployment::Deployment;

constexpr const char* kDone = "done";

int fail(const std::string& sentence) {
    std::fprintf(stderr, "compotastic sim: %s\n", sentence.c_str());
    return 1;
}

observe::World label_of(const deployment::World& world) {
    observe::World label;
    label.scenario = world.deployment().name;
    label.seed = world.seed();
    label.preset = air::name(world.deployment().preset);
    return label;
}

/// The mesh as the runner sees it, for the page.
class MeshWorld final : public World {
public:
    MeshWorld(std::unique_ptr<deployment::World> mesh, observe::Sink& sink)
        : mesh_(std::move(mesh)) {
        mesh_->add_sink(sink);
    }

    observe::World label() const override { return label_of(*mesh_); }

    Time now() const override { return mesh_->now(); }

    Time next_at() const override { return mesh_->next_at(); }

    void step() override { mesh_->step(); }

    Ending ending() const override {
        if (mesh_->now() < Time{mesh_->deployment().until}) return {};
        return {true, kDone, ""};
    }

    std::string refuses(web::Control::Do what) const override {
        using Do = web::Control::Do;
        const bool swarm = what == Do::Put || what == Do::Remove || what == Do::Cancel;
        return swarm ? "a mesh of plain radios can't do that" : "";
    }

    std::string control(const web::Control& control) override {
        switch (control.what) {
            case web::Control::Do::Drop: return sentence(mesh_->drop(control.node));
            case web::Control::Do::Revive: return sentence(mesh_->revive(control.node));
            default: return "a mesh of plain radios can't do that";
        }
    }

    std::string show(learn::Cell, const scene::Image&, const scene::Scene&) override {
        return "plain radios look at no pictures";
    }

    std::string act(NodeId, learn::Action) override { return "plain radios have no bodies"; }

    Result<PacketId, std::string> submit(NodeId, const radio::Packet&) override {
        return std::string("these radios have no clients");
    }

private:
    static std::string sentence(const Result<void, deployment::Failure>& done) {
        return done.ok() ? std::string{} : done.error().sentence;
    }

    std::unique_ptr<deployment::World> mesh_;
};

/// Until the end, or until a file that is being written can't be.
Result<void, std::string> advance(deployment::World& world, const MeshRun& run,
                                  const Recording& recording, const Capture& capture) {
    const Time until{world.deployment().until};
    Progress progress;
    Pace pace;
    pace.set(true, run.speed, world.now(), std::chrono::steady_clock::now());
    while (world.now() < until) {
        const Time allowed = pace.allowed(std::chrono::steady_clock::now());
        world.run_until(std::min({until, world.now() + 1s, allowed}));
        progress.at(world.now(), until);
        for (const auto& ready : {recording.ready(), capture.ready()})
            if (!ready) return progress.done(), ready;
        if (world.now() >= allowed) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    progress.done();
    return {};
}

observe::LoraTapTerms terms_of(const Deployment& deployment) {
    const air::Modem modem = deployment.modem();
    return {deployment.air.frequency_khz * 1000, modem.bandwidth_hz, modem.spreading_factor};
}

int simulate(const MeshRun& run, const Deployment& deployment) {
    const auto made = deployment::World::create(deployment, {run.seed, !run.pcap.empty()});
    if (!made) return fail(made.error().sentence);
    deployment::World& world = **made;
    Recording recording(run.record, label_of(world));
    ReportFiles report_files(run.report, label_of(world));
    for (observe::Sink* sink : {recording.sink(), report_files.sink()})
        if (sink != nullptr) world.add_sink(*sink);
    Capture capture(run.pcap, terms_of(deployment));
    if (capture.tap() != nullptr) world.set_tap(capture.tap());
    for (const auto& ready : {recording.ready(), capture.ready(), report_files.ready()})
        if (!ready) return fail(ready.error());
    const auto ran = advance(world, run, recording, capture);
    if (!ran) return fail(ran.error());
    world.show_all();
    for (const auto& finished : {recording.finish(world.now(), kDone, ""), capture.ready(),
                                 report_files.finish(world.now(), kDone, "")})
        if (!finished) return fail(finished.error());
    const deployment::Report report = world.report();
    std::printf("%s\n", run.json ? to_json(report).c_str() : to_text(report).c_str());
    return 0;
}

MakeWorld maker(const MeshRun& run, const Deployment& deployment) {
    return [deployment, seed = run.seed](
               std::optional<std::uint64_t> wished,
               observe::Sink& sink) -> Result<std::unique_ptr<World>, std::string> {
        auto mesh = deployment::World::create(deployment, {wished.value_or(seed), false});
        if (!mesh) return mesh.error().sentence;
        return std::unique_ptr<World>(std::make_unique<MeshWorld>(*std::move(mesh), sink));
    };
}

int show(const MeshRun& run, const Deployment& deployment) {
    // The tiles' size follows from the places, which the seed decides.
    const auto first = deployment::World::create(deployment, {run.seed, false});
    if (!first) return fail(first.error().sentence);
    LiveFiles files(run.record, run.report, label_of(**first));
    if (const auto ready = files.ready(); !ready) return fail(ready.error());
    auto runner = Runner::start(maker(run, deployment), run.seed, run.speed, files.sink());
    if (!runner) return fail(runner.error());
    const auto served = serve(**runner, run.serve, {});
    if (!served) return fail(served.error());
    const auto written = files.finish((*runner)->world().now(), kDone, "");
    return written ? 0 : fail(written.error());
}

}  // namespace

int run_mesh(const MeshRun& run) {
    auto deployment =
        deployment::parse(run.text, run.file, run.overrides, deployment::beside(run.file));
    if (!deployment) return fail(deployment.error().sentence);
    if (run.serve.endpoint.empty()) return simulate(run, *deployment);
    return show(run, *deployment);
}

}  // namespace compot::apps
