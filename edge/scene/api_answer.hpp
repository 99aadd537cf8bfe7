#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "edge/scene/classifier.hpp"

/// What a model of a chat-completions API said, read with suspicion: a model is asked for one JSON
/// object, and may wrap it in words or fences, contradict itself, or say something else.

namespace compot::scene {

struct ApiAnswer {
    learn::TileClass what = learn::TileClass::Clear;
    std::uint16_t confidence_permille = 0;
};

/// Reads the body of a chat completion. ERRORS: Malformed with the reason, when there is not
/// exactly one label, known and with a confidence from 0 to 1; two objects that say the same are
/// one.
[[nodiscard]] Result<ApiAnswer, Failure> read_completion(std::string_view body);

}  // namespace compot::scene
