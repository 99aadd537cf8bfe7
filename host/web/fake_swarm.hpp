#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "host/web/swarm.hpp"

/// For tests: a swarm that is one feed, and remembers what it was asked.

namespace compot::web {

class FakeSwarm final : public Swarm {
public:
    observe::Feed::Reader reader(std::optional<std::uint64_t> resume,
                                 const std::string& run) override {
        const std::lock_guard lock(mutex);
        return feed.reader(resume, run);
    }

    observe::Message next(observe::Feed::Reader& reader) override {
        const std::lock_guard lock(mutex);
        return feed.next(reader);
    }

    std::string list(List which) override {
        const std::lock_guard lock(mutex);
        return which == List::Jobs ? feed.jobs() : feed.nodes();
    }

    Time now() override { return Time{3s}; }

    void registries(Told told) override {
        told(refusal.empty() ? R"({"t":3000000,"records":[]})" : "");
    }

    void control(const Control& control, Done done) override {
        const std::lock_guard lock(mutex);
        controls.push_back(control);
        done(refusal);
    }

    void signed_ledger(Told told) override { told(refusal.empty() ? "{}" : ""); }

    void show(learn::Cell at, const scene::Image&, const scene::Scene& scene, Done done) override {
        const std::lock_guard lock(mutex);
        shown.push_back(at);
        seen = scene.what;
        done(refusal);
    }

    /// One more delta of about `bytes`.
    void say(std::size_t bytes = 10) {
        const std::lock_guard lock(mutex);
        feed.log(Time{1s}, {NodeId{1}, std::string(bytes, 'x')});
        feed.commit();
    }

    std::mutex mutex;
    observe::Feed feed{{"fake", 7, "cafe", 25, observe::Source::Live, {}}};
    std::string refusal;
    std::vector<Control> controls;
    std::vector<learn::Cell> shown;
    learn::TileClass seen = learn::TileClass::Clear;
};

class FakeClassifier final : public scene::SceneClassifier {
public:
    Result<scene::Scene, scene::Failure> classify(const scene::Image&) override {
        if (!works) return scene::Failure{Error::NotReady, "the bench is switched off"};
        return scene::Scene{learn::TileClass::Movable, 987, "fake"};
    }

    std::atomic<bool> works{true};
};

}  // namespace compot::web
