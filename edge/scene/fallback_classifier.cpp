#include "edge/scene/fallback_classifier.hpp"

#include <utility>

namespace compot::scene {

FallbackClassifier::FallbackClassifier(std::unique_ptr<SceneClassifier> first,
                                       std::unique_ptr<SceneClassifier> second, Note note)
    : first_(std::move(first)), second_(std::move(second)), note_(std::move(note)) {}

Result<Scene, Failure> FallbackClassifier::classify(const Image& image) {
    auto answer = first_->classify(image);
    if (answer) return answer;
    note_(answer.error());
    return second_->classify(image);
}

}  // namespace compot::scene
