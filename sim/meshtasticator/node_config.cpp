#include "sim/meshtasticator/node_config.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"
#include "sim/ether/macro_models.hpp"

namespace compot::meshtasticator {

namespace {

constexpr std::size_t kFileBytesMost = 1U << 20;
constexpr double kFarthest_m = 100'000;
constexpr double kHighest_m = 10'000;
constexpr double kGainMost_dbi = 50;
constexpr std::uint32_t kFrequencyKhz = 908'750;
constexpr std::int32_t kPowerCdbm = 3000;
constexpr std::int32_t kAsymmetryCdb = 300;
constexpr std::int64_t kEvery_us = 100'000'000;
constexpr Duration kUntil = 1800s;
constexpr std::uint64_t kLinkStream = 0x59A1;
constexpr std::uint64_t kTalkStream = 0x59A2;

struct Placed {
    ether::Position at;
    std::int32_t gain_cdb = 0;
    Part part = Part::Client;
    std::uint8_t hop_limit = 3;
};

[[noreturn]] void refuse(const std::string& sentence) { throw std::runtime_error(sentence); }

YAML::Node need(const YAML::Node& node, const std::string& who, const char* key) {
    const YAML::Node value = node[key];
    if (!value.IsDefined()) refuse(who + ": " + key + " is missing");
    return value;
}

double number(const YAML::Node& node, const std::string& who, const char* key, double least,
              double most) {
    double value = 0;
    if (!YAML::convert<double>::decode(need(node, who, key), value))
        refuse(who + ": " + key + " is no number");
    if (!(value >= least && value <= most)) refuse(who + ": " + key + " is out of range");
    return value;
}

bool flag(const YAML::Node& node, const std::string& who, const char* key) {
    if (!node[key].IsDefined()) return false;
    bool value = false;
    if (!YAML::convert<bool>::decode(node[key], value)) refuse(who + ": " + key + " is no boolean");
    return value;
}

std::int32_t hundredths(double value) {
    return static_cast<std::int32_t>(std::lround(value * 100));
}

Part part_of(const YAML::Node& node, const std::string& who) {
    const bool router = flag(node, who, "isRouter");
    const bool repeater = flag(node, who, "isRepeater");
    const bool mute = flag(node, who, "isClientMute");
    if (static_cast<int>(router) + static_cast<int>(repeater) + static_cast<int>(mute) > 1)
        refuse(who + ": has more than one of isRouter, isRepeater, isClientMute");
    if (router) return Part::Router;
    if (repeater) return Part::Repeater;
    return mute ? Part::Mute : Part::Client;
}

Placed placed(const YAML::Node& node, const std::string& who) {
    if (!node.IsMap()) refuse(who + ": is no map of keys");
    Placed made;
    made.at.x_cm = hundredths(number(node, who, "x", -kFarthest_m, kFarthest_m));
    made.at.y_cm = hundredths(number(node, who, "y", -kFarthest_m, kFarthest_m));
    made.at.z_cm = hundredths(number(node, who, "z", 0.01, kHighest_m));
    made.hop_limit = static_cast<std::uint8_t>(number(node, who, "hopLimit", 0, 7));
    made.gain_cdb = hundredths(number(node, who, "antennaGain", -kGainMost_dbi, kGainMost_dbi));
    made.part = part_of(node, who);
    return made;
}

/// In order of their numbers, which are the keys.
std::vector<Placed> nodes_of(const YAML::Node& file) {
    if (!file.IsMap()) refuse("is no map of nodes by number");
    if (file.size() < 2 || file.size() > kNodesMost)
        refuse("2 to " + std::to_string(kNodesMost) + " nodes are possible");
    std::vector<Placed> nodes;
    for (std::size_t i = 0; i < file.size(); ++i) {
        const YAML::Node node = file[i];
        const std::string who = "node " + std::to_string(i);
        if (!node.IsDefined()) refuse(who + " is missing: they are numbered from 0");
        nodes.push_back(placed(node, who));
    }
    return nodes;
}

std::vector<std::int32_t> levels(const std::vector<Placed>& nodes, std::uint64_t seed) {
    const ether::Macrocell model(kFrequencyKhz, ether::Macrocell::Ground::Suburb);
    std::vector<std::int32_t> mdbm;
    for (std::size_t from = 0; from < nodes.size(); ++from) {
        for (std::size_t to = 0; to < nodes.size(); ++to) {
            if (from == to) {
                mdbm.push_back(kInaudible);
                continue;
            }
            Random random(seed, from * kNodesMost + to, kLinkStream);
            const std::int32_t cdbm = kPowerCdbm + nodes[from].gain_cdb + nodes[to].gain_cdb -
                                      model.loss_cdb(nodes[from].at, nodes[to].at) -
                                      normal(random, kAsymmetryCdb);
            mdbm.push_back(cdbm * 10);
        }
    }
    return mdbm;
}

std::vector<Message> messages(const std::vector<Placed>& nodes, std::uint64_t seed) {
    std::vector<Message> made;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].part == Part::Repeater) continue;
        Random random(seed, i, kTalkStream);
        for (Duration at{exponential(random, kEvery_us)}; at <= kUntil;
             at += Duration{exponential(random, kEvery_us)}) {
            made.push_back({at, static_cast<std::uint16_t>(i)});
        }
    }
    std::stable_sort(made.begin(), made.end(),
                     [](const Message& a, const Message& b) { return a.at < b.at; });
    return made;
}

Scenario scenario_of(const std::vector<Placed>& nodes, std::uint64_t seed) {
    Scenario scenario;
    scenario.nodes = static_cast<std::uint16_t>(nodes.size());
    for (const Placed& each : nodes) {
        scenario.parts.push_back(each.part);
        scenario.hop_limits.push_back(each.hop_limit);
    }
    scenario.until = kUntil;
    scenario.rssi_mdbm = levels(nodes, seed);
    scenario.messages = messages(nodes, seed);
    return scenario;
}

}  // namespace

Result<Scenario, Failure> parse_node_config(const std::string& yaml, std::uint64_t seed) {
    if (yaml.size() > kFileBytesMost) return Failure{"is larger than 1 MB"};
    try {
        return scenario_of(nodes_of(YAML::Load(yaml)), seed);
    } catch (const std::exception& error) {
        return Failure{error.what()};
    }
}

}  // namespace compot::meshtasticator
