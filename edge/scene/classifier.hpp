#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/learn/grid.hpp"
#include "edge/scene/failure.hpp"
#include "edge/scene/image.hpp"

/// Whoever can tell what stands on the tile in a picture. The interface does not know whether a
/// net on this machine or a model elsewhere looks at it.

namespace compot::scene {

/// What was seen, how sure the backend is of it, and which backend it was.
struct Scene {
    learn::TileClass what = learn::TileClass::Clear;
    std::uint16_t confidence_permille = 0;
    std::string backend;
};

class SceneClassifier {
public:
    SceneClassifier() = default;
    SceneClassifier(const SceneClassifier&) = delete;
    SceneClassifier& operator=(const SceneClassifier&) = delete;
    virtual ~SceneClassifier() = default;

    /// REQUIRES: image.whole(). ERRORS: NotReady when a backend can't be reached, Malformed when
    /// its answer is not clear; an unclear answer is never turned into a guess.
    [[nodiscard]] virtual Result<Scene, Failure> classify(const Image& image) = 0;
};

}  // namespace compot::scene
