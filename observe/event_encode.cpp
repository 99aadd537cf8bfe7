#include <fmt/format.h>
#include <sodium.h>

#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"
#include "observe/words.hpp"

namespace compot::observe {

namespace {

using Json = nlohmann::json;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string hex8(std::uint32_t value) { return fmt::format("{:08x}", value); }

std::string hex16(std::uint64_t value) { return fmt::format("{:016x}", value); }

Json tile(learn::Cell at) { return Json::array({at.x, at.y}); }

std::string base64(const std::vector<std::uint8_t>& bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // libsodium counts and writes the terminating zero
    return text;
}

Json neighbours(const std::vector<Neighbour>& all) {
    Json json = Json::array();
    for (const Neighbour& near : all) {
        json.push_back({{"id", node_name(near.id)},
                        {"snr_cdb", near.snr_cdb},
                        {"heard_us", to_us(near.heard)}});
    }
    return json;
}

Json object(const Digests& digests) {
    return {{"policy", hex16(digests.policy)},
            {"facts", hex16(digests.facts)},
            {"registry", hex16(digests.registry)},
            {"ledger", hex16(digests.ledger)}};
}

Json object(const Hearing& heard) {
    Json json{{"t_us", to_us(heard.at)},
              {"by", word(heard.way)},
              {"hops", heard.hops},
              {"live", heard.live}};
    if (heard.rssi_cdbm) json["rssi_cdbm"] = *heard.rssi_cdbm;
    if (heard.snr_cdb) json["snr_cdb"] = *heard.snr_cdb;
    return json;
}

/// What is not known has no field.
Json object(const NodeCard& card) {
    Json json{{"id", node_name(card.id)}, {"name", card.name}, {"role", card.role}};
    const auto put = [&json](const char* name, const auto& known) {
        if (known) json[name] = *known;
    };
    put("alive", card.alive);
    if (card.mood) json["mood"] = word(*card.mood);
    if (card.at) json["at"] = tile(*card.at);
    if (card.at_since) json["at_us"] = to_us(*card.at_since);
    put("battery_permille", card.battery_permille);
    put("queue", card.queue);
    if (card.digests) json["digests"] = object(*card.digests);
    if (card.airtime_used) json["airtime_us"] = to_us(*card.airtime_used);
    if (card.purse)
        json["purse"] = {{"balance_us", to_us(card.purse->balance)},
                         {"capacity_us", to_us(card.purse->capacity)}};
    put("busy_permille", card.busy_permille);
    put("dropped", card.frames_dropped);
    put("sites_left", card.sites_left);
    if (card.neighbours) json["neighbours"] = neighbours(*card.neighbours);
    if (card.place) json["place_m"] = {card.place->x_m, card.place->y_m};
    if (card.energy) {
        json["energy"] = {{"spent_mj", card.energy->spent_mj},
                          {"battery_mj", card.energy->battery_mj}};
    }
    if (card.peer) json["heard"] = card.heard ? object(*card.heard) : Json(nullptr);
    return json;
}

/// The fields that an event has besides "e" and "t".
struct Fields {
    Json operator()(const NodeCard& card) const { return {{"e", "node"}, {"card", object(card)}}; }

    Json operator()(const PolicyMap& map) const {
        return {{"e", "policy"}, {"id", node_name(map.id)}, {"best", letters(map)}};
    }

    Json operator()(const FlightStarted& flight) const {
        Json json{{"e", "start"},
                  {"flight", flight.flight},
                  {"tx", node_name(flight.transmitter)},
                  {"from", node_name(flight.from)},
                  {"packet", hex8(flight.packet.value)},
                  {"kind", flight.kind},
                  {"hops", flight.hop_limit},
                  {"bytes", flight.bytes},
                  {"air_us", to_us(flight.airtime)},
                  {"price_us", to_us(flight.price)}};
        if (flight.to != kBroadcast) json["to"] = node_name(flight.to);
        return json;
    }

    Json operator()(const FlightEnded& flight) const {
        Json receptions = Json::array();
        for (const Reception& heard : flight.receptions) {
            receptions.push_back({{"id", node_name(heard.receiver)},
                                  {"fate", word(heard.fate)},
                                  {"rssi_cdbm", heard.rssi_cdbm},
                                  {"snr_cdb", heard.snr_cdb}});
        }
        return {{"e", "end"}, {"flight", flight.flight}, {"rx", std::move(receptions)}};
    }

    Json operator()(const JobStep& step) const {
        return {{"e", "job"},
                {"nonce", hex8(step.nonce)},
                {"asker", node_name(step.asker)},
                {"helper", node_name(step.helper)},
                {"step", step.step},
                {"text", step.text}};
    }

    Json operator()(const LedgerLine& line) const {
        return {{"e", "ledger"},
                {"holder", node_name(line.holder)},
                {"author", node_name(line.author)},
                {"n", line.sequence},
                {"text", line.text}};
    }

    Json operator()(const Obstacle& obstacle) const {
        return {{"e", "obstacle"},         {"id", obstacle.id},
                {"at", tile(obstacle.at)}, {"present", obstacle.present},
                {"truth", obstacle.truth}, {"label", obstacle.label}};
    }

    Json operator()(const Site& site) const {
        return {{"e", "site"}, {"at", tile(site.at)}, {"done", site.done}};
    }

    Json operator()(const Photo& photo) const {
        return {{"e", "photo"},
                {"by", node_name(photo.by)},
                {"at", tile(photo.at)},
                {"label", photo.label},
                {"confidence_permille", photo.confidence_permille},
                {"backend", photo.backend},
                {"png", base64(photo.png)}};
    }

    Json operator()(const LogLine& line) const {
        return {{"e", "log"}, {"node", node_name(line.node)}, {"text", line.text}};
    }
};

}  // namespace

std::string encode(const Event& event) {
    Json json = std::visit(Fields{}, event.what);
    json["t"] = to_us(event.at);
    return dump(json);
}

std::string encode(const NodeCard& card) { return dump(object(card)); }

std::string letters(const PolicyMap& map) {
    std::string text;
    for (const learn::Action action : map.best) {
        text.push_back(kActionLetters[static_cast<std::size_t>(action)]);
    }
    return text;
}

std::string quoted(const std::string& text) { return dump(Json(text)); }

std::string node_name(NodeId id) { return "!" + hex8(id.value); }

}  // namespace compot::observe
