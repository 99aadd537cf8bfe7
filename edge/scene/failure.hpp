#pragma once

#include <string>

#include "core/base/result.hpp"

/// Why a picture could not be read or named, for a caller that acts on the cause and for a person
/// who reads the sentence. It knows nothing of HTTP statuses or exit codes.

namespace compot::scene {

struct Failure {
    Error cause = Error::None;
    std::string sentence;  ///< one line: what was wrong and where; never a secret
};

}  // namespace compot::scene
