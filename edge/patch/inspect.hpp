#pragma once

#include "edge/patch/maker.hpp"

/// Reads a patch as its applier does and says where its bits go. Whoever made it does not matter.

namespace compot::patch {

/// What make_patch() says of a patch, but for the number of phrases, and with sections guessed if
/// `sections` is empty. ERRORS: those of bundle::Applier: only a whole patch for this base.
[[nodiscard]] Result<Patch> inspect_patch(BytesView old_image, BytesView patch,
                                          const std::vector<Section>& sections = {});

}  // namespace compot::patch
