#include "apps/live.hpp"

#include <algorithm>

#include "apps/signed_ledger.hpp"
#include "edge/scene/resize.hpp"
#include "observe/registry.hpp"
#include "sim/simulation.hpp"

namespace compot::apps {

namespace {

/// Everybody who watches gets every photo, so a large upload is told smaller; what a classifier
/// looks at is a square in its middle too.
constexpr int kPhotoSideMax = 512;

class Live final : public World {
public:
    Live(std::unique_ptr<sim::Simulation> simulation, observe::Sink& sink)
        : simulation_(std::move(simulation)) {
        simulation_->add_sink(sink);
    }

    observe::World label() const override {
        observe::World label;
        label.scenario = simulation_->scenario().name;
        label.seed = simulation_->seed();
        label.cell_m = static_cast<std::uint32_t>(simulation_->scenario().cell_cm / 100);
        return label;
    }

    Time now() const override { return simulation_->now(); }

    Time next_at() const override { return simulation_->next_at(); }

    void step() override { (void)simulation_->step(); }

    Ending ending() const override {
        if (!simulation_->finished()) return {};
        const sim::Report report = simulation_->report();
        return {true, report.outcome, report.reason};
    }

    /// A real firmware's clock goes on.
    std::string refuses(web::Control::Do what) const override {
        using Do = web::Control::Do;
        const bool is_pace =
            what == Do::Pause || what == Do::Speed || what == Do::Step || what == Do::StepPacket;
        if (!is_pace || simulation_->scenario().firmware.empty()) return "";
        return "real firmware takes part: time can't be paused, stepped or hurried";
    }

    bool takes_pictures() const override { return true; }

    std::string registries() const override {
        std::vector<observe::Holder> holders;
        for (const auto& unit : simulation_->units())
            if (unit.alive())
                holders.push_back({unit.id(), &unit.node->registry(), unit.booted_at});
        return observe::records_json(holders);
    }

    std::string control(const web::Control& control) override {
        switch (control.what) {
            case web::Control::Do::Drop: return sentence(simulation_->drop(control.node));
            case web::Control::Do::Revive: return sentence(simulation_->revive(control.node));
            case web::Control::Do::Put: return sentence(simulation_->put(control.at, control.tile));
            case web::Control::Do::Remove: return sentence(simulation_->remove(control.at));
            case web::Control::Do::Cancel: return sentence(simulation_->withdraw(control.nonce));
            default: return "a simulation can't do that";
        }
    }

    std::string signed_ledger() const override {
        if (simulation_->units().empty()) return "";
        SignedLedger told(simulation_->units().front().config);
        for (const sim::Unit& unit : simulation_->units())
            if (unit.alive() && !unit.external) told.add(unit.id(), unit.node->ledger());
        return told.json();
    }

    std::string show(learn::Cell at, const scene::Image& image,
                     const scene::Scene& scene) override {
        const bool large = std::max(image.width, image.height) > kPhotoSideMax;
        return sentence(
            simulation_->show(at, large ? scene::to_square(image, kPhotoSideMax) : image, scene));
    }

    std::string act(NodeId node, learn::Action action) override {
        return sentence(simulation_->act(node, action));
    }

    std::string look(NodeId node, learn::Action way) override {
        return sentence(simulation_->look(node, way));
    }

    std::string bring(NodeId radio, BytesView frame) override {
        return sentence(simulation_->bring(radio, frame));
    }

    Result<PacketId, std::string> submit(NodeId radio, const radio::Packet& packet) override {
        const auto id = simulation_->submit(radio, packet);
        if (!id) return id.error().sentence;
        return *id;
    }

    std::string set_channels(NodeId radio, const std::vector<radio::Channel>& channels) override {
        return sentence(simulation_->set_channels(radio, channels));
    }

private:
    static std::string sentence(const Result<void, sim::Failure>& done) {
        return done.ok() ? std::string{} : done.error().sentence;
    }

    std::unique_ptr<sim::Simulation> simulation_;
};

}  // namespace

MakeWorld live(scenario::Scenario scenario, std::uint64_t seed, Cast cast,
               scene::SceneClassifier& classifier, const Bridges& bridges) {
    return [scenario = std::move(scenario), seed, cast = std::move(cast), &classifier, bridges](
               std::optional<std::uint64_t> wished,
               observe::Sink& sink) -> Result<std::unique_ptr<World>, std::string> {
        sim::Options terms;
        terms.seed = wished.value_or(seed);
        terms.without = cast.without;
        terms.external = cast.external;
        terms.real_time = bridges.firmware != nullptr;
        terms.radioless = cast.radioless;
        terms.classifier = &classifier;
        auto simulation = sim::Simulation::create(scenario, terms);
        if (!simulation) return simulation.error().sentence;
        if (bridges.radios != nullptr) bridges.radios->attach(**simulation);
        if (bridges.bodies != nullptr) bridges.bodies->attach(**simulation);
        if (bridges.firmware != nullptr) bridges.firmware->attach(**simulation);
        if (bridges.gateways != nullptr) bridges.gateways->attach(**simulation);
        if (bridges.lan != nullptr) bridges.lan->attach(**simulation);
        return std::unique_ptr<World>(std::make_unique<Live>(*std::move(simulation), sink));
    };
}

}  // namespace compot::apps
