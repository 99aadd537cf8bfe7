#include "edge/scene/doubt.hpp"

namespace compot::scene {

std::string doubt(const Scene& seen, const node::Config& config) {
    if (config.convinced_by(seen.what, seen.confidence_permille)) return "";
    if (seen.what == learn::TileClass::Clear)
        return "nothing is to be seen on it, so it explains nothing";
    return std::string(learn::to_string(seen.what)) + " at " +
           std::to_string(seen.confidence_permille / 10) +
           " % leaves doubt: " + std::to_string(config.confidence_permille / 10) +
           " % are asked for";
}

}  // namespace compot::scene
