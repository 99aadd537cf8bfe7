#include "edge/bundle/catalogue.hpp"

#include <algorithm>

#include "edge/patch/maker.hpp"

namespace compot::bundles {

crypto::Digest Catalogue::add(BytesView object) {
    const crypto::Digest digest = crypto::digest(object);
    objects_.try_emplace(digest, object.begin(), object.end());
    return digest;
}

void Catalogue::heard(const registry::Record& record) {
    running_.erase(record.node.value);
    for (const auto& [digest, object] : objects_)
        if (std::equal(record.firmware.begin(), record.firmware.end(), digest.begin()))
            runs(record.node, digest);
}

const std::vector<std::uint8_t>* Catalogue::find(const crypto::Digest& digest) const {
    const auto found = objects_.find(digest);
    return found == objects_.end() ? nullptr : &found->second;
}

Result<BytesView> Catalogue::patch_for(NodeId cat, const crypto::Digest& target) {
    const auto running = running_.find(cat.value);
    if (running == running_.end()) return Error::Unknown;
    const auto key = std::make_pair(running->second, target);
    const auto kept = patches_.find(key);
    if (kept != patches_.end()) return BytesView(kept->second);
    const auto* old_image = find(key.first);
    const auto* new_image = find(target);
    if (old_image == nullptr || new_image == nullptr) return Error::Unknown;
    auto patch = patch::make_patch(*old_image, *new_image);
    if (!patch) return patch.error();
    return BytesView(patches_.emplace(key, std::move(patch->bytes)).first->second);
}

}  // namespace compot::bundles
