#pragma once

#include <functional>
#include <memory>

#include "edge/scene/classifier.hpp"

/// Two backends, one after the other: what the first can't answer the second does. The answer says
/// whose it is.

namespace compot::scene {

class FallbackClassifier final : public SceneClassifier {
public:
    /// Told why the first backend had no answer.
    using Note = std::function<void(const Failure&)>;

    FallbackClassifier(std::unique_ptr<SceneClassifier> first,
                       std::unique_ptr<SceneClassifier> second, Note note);

    [[nodiscard]] Result<Scene, Failure> classify(const Image& image) override;

private:
    std::unique_ptr<SceneClassifier> first_;
    std::unique_ptr<SceneClassifier> second_;
    Note note_;
};

}  // namespace compot::scene
