#include "edge/scene/elsewhere.hpp"

#include <utility>

namespace compot::scene {

bool is_sure(const Result<Scene, Failure>& scene, std::uint16_t sure_permille) {
    return scene.ok() && scene->confidence_permille >= sure_permille;
}

bool look(const Eyes& eyes, const Image& image, OnSeen seen) {
    Result<Scene, Failure> first =
        eyes.here == nullptr
            ? Failure{Error::NotReady, "no model on this machine looks at pictures"}
            : eyes.here->classify(image);
    const bool sees_nothing = first.ok() && first->what == learn::TileClass::Clear;
    const bool is_good =
        is_sure(first, eyes.sure_permille) && !(eyes.something_stands && sees_nothing);
    if (is_good || eyes.elsewhere == nullptr) {
        seen(std::move(first));
        return true;
    }
    eyes.elsewhere->look(
        image, [first = std::move(first), seen = std::move(seen)](Result<Scene, Failure> second) {
            seen(second.ok() || !first.ok() ? std::move(second) : first);
        });
    return false;
}

}  // namespace compot::scene
