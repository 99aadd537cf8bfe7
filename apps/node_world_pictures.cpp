#include <algorithm>

#include "apps/node_world.hpp"
#include "edge/scene/decode.hpp"
#include "edge/scene/doubt.hpp"
#include "edge/scene/elsewhere.hpp"

/// What a real node sees: pictures of its body's camera and of people, looked at here or elsewhere.

namespace compot::apps {

namespace {

constexpr Duration kLooksMost = 30s;  ///< for camera and model together
/// ... and for a model elsewhere: within the ten minutes that a Compot is at work on a request.
constexpr Duration kLooksElsewhereMost = 9min;

}  // namespace

/// A picture that a person has handed in goes before what the camera sees, and so does, once, what
/// was seen too late for an earlier run; without a body there is no camera.
void NodeWorld::run(const node::Run& run) {
    const bool whole = run.input.size() == 2 && run.input[1] < 4;
    const auto way = static_cast<learn::Action>(whole ? run.input[1] : 0);
    const learn::Cell from =
        terms_.has_body ? body_.at : learn::cell_at(whole ? run.input[0] : std::uint8_t{0});
    const learn::Cell of = learn::neighbour(from, way);
    const auto known = scenes_.find(of.index());
    if (whole && known != scenes_.end()) return end_run(run.handle, &known->second);
    const auto late = late_.extract(of.index());
    if (whole && !late.empty()) return end_run(run.handle, &late.mapped());
    if (!whole || !terms_.has_body) return end_run(run.handle, nullptr);
    looking_.push_back({run.handle, of, now() + kLooksMost});
    outside_.look(way);
}

void NodeWorld::end_looks(Time at) {
    while (!looking_.empty()) {
        const auto over = std::find_if(looking_.begin(), looking_.end(),
                                       [at](const Look& look) { return look.until <= at; });
        if (over == looking_.end()) return;
        outside_.complain("no word of what is on the picture of a tile: camera or model is silent");
        end_run(over->handle, nullptr);
        looking_.erase(over);
    }
}

std::deque<NodeWorld::Look>::iterator NodeWorld::look_of(learn::Cell of) {
    return std::find_if(looking_.begin(), looking_.end(),
                        [of](const Look& look) { return look.of == of; });
}

void NodeWorld::passed_on(learn::Cell of) {
    const auto look = look_of(of);
    if (look != looking_.end()) look->until = now() + kLooksElsewhereMost;
}

void NodeWorld::end_run(std::uint16_t handle, const scene::Scene* scene) {
    node::RunEnded ended;
    ended.handle = handle;
    ended.ok = scene != nullptr;
    Bytes<3> output;
    if (scene != nullptr)
        output = {static_cast<std::uint8_t>(scene->what),
                  static_cast<std::uint8_t>(scene->confidence_permille & 0xFFU),
                  static_cast<std::uint8_t>(scene->confidence_permille >> 8U)};
    ended_.push_back(ended);
    outputs_.push_back(output);
}

void NodeWorld::looked(learn::Cell of, const scene::Image& image,
                       const Result<scene::Scene, scene::Failure>& scene) {
    const auto look = look_of(of);
    if (scene) {
        sink_.photo(now(), {terms_.config.self, of, learn::to_string(scene->what),
                            scene->confidence_permille, scene->backend, scene::encode_png(image)});
    } else {
        outside_.complain("a picture was not understood: " + scene.error().sentence);
    }
    if (look != looking_.end()) {
        end_run(look->handle, scene ? &*scene : nullptr);
        looking_.erase(look);
    } else if (scene::is_sure(scene, terms_.config.confidence_permille)) {
        late_[of.index()] = *scene;
    }
}

std::string NodeWorld::show(learn::Cell at, const scene::Image& image, const scene::Scene& scene) {
    const observe::Photo photo{terms_.config.self,
                               at,
                               learn::to_string(scene.what),
                               scene.confidence_permille,
                               scene.backend,
                               scene::encode_png(image)};
    sink_.photo(now(), photo);
    const std::string doubt = scene::doubt(scene, terms_.config);
    if (!doubt.empty()) return doubt;
    const std::string problem = keep_scene(at, scene);
    if (!problem.empty()) return problem;
    scenes_[at.index()] = scene;
    tell(node::Shown{at, scene.what, scene.confidence_permille});
    return "";
}

std::string NodeWorld::keep_scene(learn::Cell at, const scene::Scene& scene) {
    std::vector<std::uint8_t> value{static_cast<std::uint8_t>(scene.what),
                                    static_cast<std::uint8_t>(scene.confidence_permille & 0xFFU),
                                    static_cast<std::uint8_t>(scene.confidence_permille >> 8U)};
    value.insert(value.end(), scene.backend.begin(), scene.backend.end());
    const auto kept =
        store_.keep({{static_cast<std::uint16_t>(kScenes + at.index()), std::move(value)}});
    return kept ? "" : kept.error();
}

void NodeWorld::restore_scene(std::uint16_t key, const std::vector<std::uint8_t>& value) {
    const std::size_t tile = key - std::size_t{kScenes};
    if (tile >= learn::kCells || value.size() < 3 || value[0] >= learn::kTileClasses) return;
    scene::Scene scene;
    scene.what = static_cast<learn::TileClass>(value[0]);
    scene.confidence_permille = static_cast<std::uint16_t>(value[1] | value[2] << 8U);
    scene.backend.assign(value.begin() + 3, value.end());
    scenes_[static_cast<std::uint8_t>(tile)] = scene;
}

}  // namespace compot::apps
