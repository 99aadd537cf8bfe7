#include <cstdint>

#include "core/base/random.hpp"
#include "tests/acceptance/eavesdropper.hpp"

/// Promise: record everything of the story, reboot every node, replay it delayed and reordered, and
/// nothing is acted on. Four orders, each after a reboot of its own; then the same in the middle of
/// a job that outlives the reboot, with its helper gone, so that whatever goes on is the replay's
/// doing.

namespace {

using namespace std::chrono_literals;

using compot::NodeId;
using compot::acceptance::Overheard;
using compot::acceptance::Scene;
using compot::acceptance::verdict;

using Frames = std::vector<Overheard>;

/// What a node holds that only a live peer may change.
struct Held {
    std::uint64_t ledger = 0;
    std::uint64_t facts = 0;
    std::uint64_t policy = 0;
    unsigned sites_left = 0;
    std::vector<std::uint8_t> job;  ///< the open job's record

    bool operator==(const Held&) const = default;
};

std::map<NodeId, Held> held(const Scene& scene) {
    std::map<NodeId, Held> all;
    for (const auto& unit : scene.world->units()) {
        if (!unit.alive()) continue;
        const auto view = unit.node->look();
        const auto open = unit.flash.find(compot::node::records::kOpenJob);
        all[unit.id()] = {view.ledger_digest, view.facts_digest, view.policy_digest,
                          view.sites_left,
                          open == unit.flash.end() ? std::vector<std::uint8_t>{} : open->second};
    }
    return all;
}

Frames reordered(Frames frames, int how) {
    if (how == 1) std::reverse(frames.begin(), frames.end());
    if (how < 2) return frames;
    compot::Random random(static_cast<std::uint64_t>(how), 0, 0);
    for (std::size_t i = frames.size(); i > 1; --i) {
        std::swap(frames[i - 1], frames[random.below(static_cast<std::uint32_t>(i))]);
    }
    return frames;
}

/// Kinds that a node may originate unasked, and by which live peers get to know each other again.
unsigned answers(const Scene& scene) {
    unsigned count = 0;
    for (const char* kind : {"offer", "award", "progress", "result", "cancel", "facts", "window",
                             "success", "ledger entry"}) {
        const auto found = scene.ears.originated.find(kind);
        if (found != scene.ears.originated.end()) count += found->second;
    }
    return count;
}

struct Tally {
    unsigned long replayed = 0;
    unsigned long changed = 0;    ///< nodes that hold something else than before
    unsigned long deeds = 0;      ///< job steps, ledger lines, answers
    unsigned long misplaced = 0;  ///< peers placed with an epoch of before the reboot
    unsigned long dropped = 0;
};

void replay(Scene& scene, const Frames& frames, std::uint32_t boot, Tally& tally) {
    const auto before = held(scene);
    scene.ears.forget();
    for (const Overheard& frame : frames) scene.inject(frame.bytes);
    tally.replayed += frames.size();
    for (const auto& [id, now] : held(scene)) tally.changed += before.at(id) == now ? 0U : 1U;
    for (const std::string& step : scene.ears.jobs) tally.deeds += step == "asked" ? 0U : 1U;
    tally.deeds += scene.ears.ledger_lines + answers(scene);
    const std::string fresh = "knows a peer's boot " + std::to_string(boot);
    for (const std::string& line : scene.ears.logs) {
        tally.misplaced += line.rfind("knows a peer's boot", 0) == 0 && line != fresh ? 1U : 0U;
    }
    for (const auto& unit : scene.world->units()) {
        if (unit.alive()) tally.dropped += unit.node->look().frames_dropped;
    }
}

bool judged(const char* when, const Tally& tally) {
    std::printf("%s: %lu frames replayed by a stranger, dropped %lu times by nodes\n", when,
                tally.replayed, tally.dropped);
    bool good = verdict("  nodes whose ledger, facts, policy, sites or job changed", tally.changed,
                        "none", tally.changed == 0);
    good &= verdict("  job steps, ledger lines and answers", tally.deeds, "none", tally.deeds == 0);
    good &= verdict("  peers placed by an old boot", tally.misplaced, "none", tally.misplaced == 0);
    return verdict("  frames dropped and counted", tally.dropped, "some", tally.dropped > 0) &&
           good;
}

bool after_the_story(std::uint64_t seed) {
    Scene scene(seed);
    scene.run_to_the_end();
    scene.ears.keeps = false;
    Tally tally;
    for (int how = 0; how < 4; ++how) {
        scene.reboot_all();
        replay(scene, reordered(scene.ears.heard, how), static_cast<std::uint32_t>(how) + 2, tally);
    }
    return judged("after the story", tally);
}

bool in_the_middle(std::uint64_t seed) {
    Scene scene(seed);
    while (!scene.ears.job_reached("photo")) scene.run_for(100ms);
    const Frames first = scene.ears.heard;
    scene.ears.keeps = false;
    Tally tally;
    for (int how = 0; how < 4; ++how) {
        scene.reboot_all();
        for (const auto& unit : scene.world->units()) {
            if (unit.plan.duties.classifies && !scene.world->drop(unit.id()))
                Scene::stop("the helper can't be switched off");
        }
        replay(scene, reordered(first, how), static_cast<std::uint32_t>(how) + 2, tally);
    }
    return judged("in the middle of a job, its helper gone", tally);
}

}  // namespace

int main() {
    const bool end = after_the_story(7);
    const bool middle = in_the_middle(7);
    return end && middle ? 0 : 1;
}
