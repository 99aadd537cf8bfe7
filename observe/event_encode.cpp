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

Json object(const NodeCard& card) {
    Json neighbours = Json::array();
    for (const Neighbour& near : card.neighbours) {
        neighbours.push_back({{"id", node_name(near.id)},
                              {"snr_cdb", near.snr_cdb},
                              {"heard_us", to_us(near.heard)}});
    }
    Json json{
        {"id", node_name(card.id)},
        {"name", card.name},
        {"role", card.role},
        {"alive", card.alive},
        {"mood", word(card.mood)},
        {"at", tile(card.at)},
        {"battery_permille", card.battery_permille},
        {"queue", card.queue},
        {"digests",
         {{"policy", hex16(card.policy_digest)},
          {"facts", hex16(card.facts_digest)},
          {"registry", hex16(card.registry_digest)},
          {"ledger", hex16(card.ledger_digest)}}},
        {"airtime_us", to_us(card.airtime_used)},
        {"purse",
         {{"balance_us", to_us(card.purse_balance)}, {"capacity_us", to_us(card.purse_capacity)}}},
        {"busy_permille", card.busy_permille},
        {"dropped", card.frames_dropped},
        {"sites_left", card.sites_left},
        {"neighbours", std::move(neighbours)}};
    if (card.place) json["place_m"] = {card.place->x_m, card.place->y_m};
    if (card.energy) {
        json["energy"] = {{"spent_mj", card.energy->spent_mj},
                          {"battery_mj", card.energy->battery_mj}};
    }
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
