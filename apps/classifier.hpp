#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edge/scene/classifier.hpp"

/// Which backend looks at pictures, by the environment: COMPOTASTIC_API_BASE, _KEY and _MODEL name
/// an API, and the net that is built in serves without one and when it can't answer.

namespace compot::apps {

/// Throws std::runtime_error with one line when a variable is set to what it can't be. `note` hears
/// why the API did not answer.
[[nodiscard]] std::unique_ptr<scene::SceneClassifier> classifier_from_environment(
    std::function<void(const std::string&)> note);

/// The backends of classifier_from_environment() by name: the net that is built in, and the API's
/// model if there is one. Throws as that does.
[[nodiscard]] std::vector<std::string> backends_from_environment();

}  // namespace compot::apps
