#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"

/// A node's own secrets, in a file of its data folder that only its owner reads. They never leave
/// it; what others need is public().

namespace compot::apps {

struct NodeKeys {
    crypto::Key exchange_secret{};
    crypto::Key signing_seed{};
};

/// Reads DIR/keys, or draws keys and writes it, making DIR too. ERRORS: one sentence: it can't be
/// read or written, is not whole, or others can read it.
[[nodiscard]] Result<NodeKeys, std::string> node_keys(const std::string& dir);

/// ERRORS: Malformed for what is not 64 hexadecimal digits.
[[nodiscard]] Result<crypto::Key> key_of(const std::string& hex);

}  // namespace compot::apps
