#pragma once

#include <cstdint>
#include <vector>

#include "edge/bundle/bundle_file.hpp"

/// A bundle as others' update tools read it: an envelope in CBOR with a manifest that says what
/// RFC 9124 wants said, signed by COSE, the payload inside. Not for the air: it is twice as long
/// as our own manifest. See doc/bundle.md for what is carried over and what is not.

namespace compot::bundles {

/// The envelope, signed anew by the owner of `seed`: other bytes, another signature.
/// SOURCE: draft-ietf-suit-manifest-34 (envelope, manifest, commands), RFC 9052 (COSE_Sign1).
[[nodiscard]] std::vector<std::uint8_t> suit_envelope(const Bundle& bundle,
                                                      const crypto::Key& seed);

}  // namespace compot::bundles
