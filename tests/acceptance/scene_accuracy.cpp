#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "edge/scene/net_classifier.hpp"
#include "edge/train/scene_trainer.hpp"
#include "sim/camera/camera.hpp"

/// Promise: the scene net is right about at least 95 % of pictures that no training has seen, with
/// the weights that are committed and with weights that are trained here and now.
/// Usage: scene_accuracy [--committed-only] [FRAMES]

namespace {

using compot::scene::NetClassifier;
using compot::train::Evaluation;

constexpr unsigned kThresholdPermille = 950;
constexpr std::uint64_t kUnseenSeed = 20'000;

bool verdict(const char* which, NetClassifier& classifier, std::size_t frames) {
    const Evaluation result =
        compot::train::evaluate(classifier, kUnseenSeed, frames, compot::camera::render_scene);
    const bool good = result.right_permille() >= kThresholdPermille;
    std::printf(
        "scene accuracy, %s weights: %.1f %% of %zu unseen pictures, at least %.1f %%: %s\n", which,
        result.right_permille() / 10.0, result.frames(), kThresholdPermille / 10.0,
        good ? "pass" : "FAIL");
    return good;
}

bool retrained(std::size_t frames) {
    const auto bytes =
        compot::train::train_scene_net({}, compot::camera::render_scene, [](unsigned) {});
    const auto classifier = NetClassifier::from_bytes(bytes);
    if (!classifier) {
        std::printf("scene accuracy, retrained weights: FAIL: %s\n",
                    classifier.error().sentence.c_str());
        return false;
    }
    const bool same = compot::scene::NetClassifier::built_in()->bytes() == bytes;
    std::printf("scene training is repeatable, retrained weights are the committed ones: %s\n",
                same ? "pass" : "FAIL");
    return verdict("retrained", **classifier, frames) && same;
}

}  // namespace

int main(int argc, char** argv) {
    bool committed_only = false;
    std::size_t frames = 4000;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--committed-only") {
            committed_only = true;
        } else {
            frames = std::strtoul(argv[i], nullptr, 10);
        }
    }
    bool good = verdict("committed", *NetClassifier::built_in(), frames);
    if (!committed_only) good = retrained(frames) && good;
    return good ? 0 : 1;
}
