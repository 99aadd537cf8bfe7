#include "observe/registry.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/node/config.hpp"
#include "observe/event_json.hpp"

namespace compot::observe {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::uint16_t, const char*>, 6> kAbilities{
    {{registry::kCamera, "camera"},
     {registry::kSceneModel, "scene_model"},
     {registry::kBackhaul, "backhaul"},
     {registry::kStorage, "storage"},
     {registry::kMoves, "moves"},
     {registry::kAccelerator, "accelerator"}}};

Json abilities(const registry::Record& record) {
    Json words = Json::array();
    for (const auto& [bit, word] : kAbilities)
        if (record.can(bit)) words.push_back(word);
    return words;
}

Json models(const registry::Record& record) {
    Json ids = Json::array();
    for (const std::uint32_t id : record.models) ids.push_back(fmt::format("{:08x}", id));
    return ids;
}

Json object(const Holder& holder, const registry::Registry::Known& known) {
    const registry::Record& record = known.record;
    const bool edge = record.role == static_cast<std::uint8_t>(node::Role::Edge);
    Json json{{"holder", node_name(holder.id)}, {"node", node_name(record.node)},
              {"version", record.version},      {"role", edge ? "compot" : "cat"},
              {"can", abilities(record)},       {"models", models(record)}};
    if (const auto cores = registry::cores_of(record.capabilities); cores != 0)
        json["cores"] = cores;
    if (const auto bytes = registry::memory_of(record.capabilities); bytes != 0)
        json["memory_bytes"] = bytes;
    if (record.node != holder.id) {
        json["heard_us"] = to_us(known.heard + holder.booted.time_since_epoch());
        json["hops"] = known.hops;
    }
    return json;
}

}  // namespace

std::string records_json(const std::vector<Holder>& holders) {
    Json all = Json::array();
    for (const Holder& holder : holders)
        for (std::size_t i = 0; i < holder.registry->size(); ++i)
            all.push_back(object(holder, (*holder.registry)[i]));
    return all.dump();
}

}  // namespace compot::observe
