#pragma once

#include <functional>

#include "core/node/config.hpp"
#include "edge/scene/classifier.hpp"

/// Whoever may look at a picture that nothing here is sure of: it takes seconds or hours, and
/// answers on another thread. It does not know who that is.

namespace compot::scene {

/// Called once at most: never, when the process ends before.
using OnSeen = std::function<void(Result<Scene, Failure>)>;

class Elsewhere {
public:
    virtual ~Elsewhere() = default;
    /// From any thread; returns soon. REQUIRES: image.whole(). ERRORS of what `seen` is told:
    /// NotReady when nobody could look.
    virtual void look(const Image& image, OnSeen seen) = 0;
};

/// Sure enough for a fact: below this a Compot asks a person.
[[nodiscard]] bool is_sure(const Result<Scene, Failure>& scene, std::uint16_t sure_permille);

/// Whoever there is to look. Either may be null.
struct Eyes {
    SceneClassifier* here = nullptr;  ///< no model on this machine
    Elsewhere* elsewhere = nullptr;   ///< nobody
    bool something_stands = false;    ///< there: to see nothing is not to be sure
    std::uint16_t sure_permille = node::kSurePermille;
};

/// `seen` is told what stands on the picture: by who is here if it is sure, or else by who is
/// elsewhere, and if that fails what was made of it here. True when it was told within this call.
bool look(const Eyes& eyes, const Image& image, OnSeen seen);

}  // namespace compot::scene
