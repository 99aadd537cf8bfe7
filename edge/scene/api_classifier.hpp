#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "edge/scene/classifier.hpp"
#include "edge/scene/http_exchange.hpp"

/// The backend elsewhere: any API that speaks OpenAI's chat completions and takes pictures as data
/// URIs. It knows the question and reads the answer; sockets and clocks are plugged in.

namespace compot::scene {

struct ApiConfig {
    std::string base;  ///< up to and without "/chat/completions"
    std::string key;   ///< empty for a server that wants none; shown nowhere
    std::string model;
    Duration timeout = 30s;
    int attempts = 3;
};

/// The value of a variable, or nothing: a process's environment, or a test's.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// From COMPOTASTIC_API_BASE, _KEY and _MODEL. Nothing when the base is not set: there is no API.
/// ERRORS: Malformed when a value can't be what it should be, in a sentence that names the variable
/// and shows no value.
[[nodiscard]] Result<std::optional<ApiConfig>, Failure> api_config(const Environment& environment);

class ApiClassifier final : public SceneClassifier {
public:
    using Sleep = std::function<void(Duration)>;

    /// `exchange` must outlive this.
    ApiClassifier(ApiConfig config, HttpExchange& exchange, Sleep sleep);

    /// Asks again after no answer and after the statuses 408, 429 and 5xx, later each time.
    [[nodiscard]] Result<Scene, Failure> classify(const Image& image) override;

private:
    [[nodiscard]] HttpRequest question(const Image& image) const;

    ApiConfig config_;
    HttpExchange& exchange_;
    Sleep sleep_;
};

}  // namespace compot::scene
