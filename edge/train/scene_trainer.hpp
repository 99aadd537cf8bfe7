#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/learn/grid.hpp"
#include "edge/scene/classifier.hpp"
#include "edge/scene/image.hpp"

/// Teaches a net to tell what stands on a tile from pictures that somebody else makes, and asks a
/// classifier how well it does on pictures that no training has seen. It does not know where the
/// pictures come from.

namespace compot::train {

/// Another picture for each seed, of a tile with that on it.
using FrameSource = std::function<scene::Image(std::uint64_t seed, learn::TileClass what)>;

struct SceneTraining {
    std::uint64_t seed = 1;
    std::size_t frames = 8000;
    std::size_t epochs = 12;
    std::size_t side = 32;
    std::vector<std::size_t> channels{16, 24, 32};
};

/// Told after each part of the work, for a progress bar: what is done of all, in permille.
using Progress = std::function<void(unsigned permille)>;

/// The net in the bytes of doc/net-format.md. The same training gives the same bytes, on any
/// machine. REQUIRES: frames > 0, epochs > 0.
[[nodiscard]] std::vector<std::uint8_t> train_scene_net(const SceneTraining& training,
                                                        const FrameSource& source,
                                                        const Progress& progress);

/// What a classifier made of pictures with known truth.
struct Evaluation {
    /// [truth][answer], both in the order of TileClass.
    std::array<std::array<std::size_t, learn::kTileClasses>, learn::kTileClasses> confusion{};
    std::size_t failures = 0;  ///< pictures without an answer
    /// Answers that a node would act on with the usual settings (node::Config::convinced_by), of
    /// what is not CLEAR.
    std::size_t convincing_right = 0;
    std::size_t convincing_wrong = 0;

    [[nodiscard]] std::size_t frames() const;
    [[nodiscard]] std::size_t right() const;
    /// Right answers in permille of all, rounded down: no answer is no right answer.
    [[nodiscard]] unsigned right_permille() const;
};

/// Pictures of all classes in turn, with seeds that no training uses, whatever its own.
[[nodiscard]] Evaluation evaluate(scene::SceneClassifier& classifier, std::uint64_t seed,
                                  std::size_t frames, const FrameSource& source);

}  // namespace compot::train
