#include "tests/acceptance/traces/situation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace compot::traces {

namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kRouting = 5;

Happening read(const Json& json) {
    Happening made;
    const std::string kind = json.at("kind");
    made.kind = kind == "send"   ? Happening::Kind::Send
                : kind == "sent" ? Happening::Kind::Sent
                                 : Happening::Kind::Told;
    made.at_s = json.at("t");
    made.node = json.at("node");
    made.origin = json.value("origin", 0U);
    made.to = json.value("to", 0U);
    made.id = json.value("id", 0U);
    made.request = json.value("request", 0U);
    made.port = json.value("port", 0U);
    made.bytes = json.value("bytes", std::size_t{0});
    made.frame = json.value("frame", std::size_t{0});
    made.hop_limit = json.value("limit", 0);
    made.hop_start = json.value("start", 0);
    made.next_hop = json.value("next", 0);
    made.relay = json.value("relay", 0);
    made.channel_hash = json.value("hash", -1);
    made.error = json.value("error", -1);
    made.ack = json.value("ack", 0) != 0;
    made.pkc = json.value("pkc", 0) != 0;
    return made;
}

/// Names of packets: what was sent in this situation by its place, an answer by what it answers.
class Names {
public:
    Names(const Situation& situation, const std::vector<Happening>& happened) {
        for (const Happening& each : situation.happened) {
            if (each.kind != Happening::Kind::Send) continue;
            names_[each.id] = fmt::format("packet {}", names_.size() + 1);
        }
        // A situation that begins with what a radio does by itself.
        if (names_.empty() && !happened.empty()) names_[happened.front().id] = "packet 1";
        for (const Happening& each : happened) {
            if (names_.count(each.id) == 0 && names_.count(each.request) != 0 && each.id != 0 &&
                each.kind == Happening::Kind::Sent) {
                names_[each.id] = "the answer to " + names_[each.request];
            }
        }
    }

    [[nodiscard]] std::string of(std::uint32_t id) const {
        const auto at = names_.find(id);
        return at == names_.end() ? std::string() : at->second;
    }

private:
    std::map<std::uint32_t, std::string> names_;
};

std::string sent_line(const Situation& situation, const Happening& each, const std::string& name) {
    // Which of two that hear the stranger alike relays first is chance.
    const bool either =
        situation.bed == "pair" && each.to == 0xFFFFFFFF &&
        std::any_of(
            situation.happened.begin(), situation.happened.end(), [&](const Happening& send) {
                return send.kind == Happening::Kind::Send && send.id == each.id && send.node == 2;
            });
    std::string line =
        either ? fmt::format("one radio sends {}: {:08x} to {:08x}", name, each.origin, each.to)
               : fmt::format("radio {} sends {}: {:08x} to {:08x}, relay {:02x}", each.node, name,
                             each.origin, each.to, each.relay);
    line += fmt::format(", hops {}/{}, ack {}, next {:02x}", each.hop_limit, each.hop_start,
                        static_cast<int>(each.ack), each.next_hop);
    if (situation.bed == "pair") {
        line += fmt::format(", channel {:02x}, {} bytes in all", each.channel_hash, each.frame);
    } else {
        line += fmt::format(", port {}, {} bytes", each.port, each.bytes);
    }
    return line;
}

std::string told_line(const Situation& situation, const Happening& each, const Names& names) {
    if (each.error >= 0) {
        const std::uint32_t about = each.port == kRouting ? each.request : each.id;
        const std::string name = names.of(about);
        if (name.empty()) return {};
        if (each.error > 0)
            return fmt::format("client {} is told: error {} of {}", each.node, each.error, name);
        return fmt::format("client {} is told: {:08x} confirms {}", each.node, each.origin, name);
    }
    const std::string name = names.of(each.id);
    if (name.empty() || each.port == kRouting) return {};
    std::string line = fmt::format("client {} gets {} of port {}", each.node, name, each.port);
    if (situation.bed == "chain") {
        line += fmt::format(", hops {}/{}, {} bytes", each.hop_limit, each.hop_start, each.bytes);
    }
    return line;
}

}  // namespace

std::vector<Situation> load(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error(file + ": can't be read");
    std::vector<Situation> found;
    for (const Json& each : Json::parse(stream)) {
        Situation made{each.at("title"), each.at("bed"), {}};
        for (const Json& event : each.at("events")) made.happened.push_back(read(event));
        found.push_back(std::move(made));
    }
    return found;
}

std::vector<std::string> lines(const Situation& situation, const std::vector<Happening>& happened) {
    const Names names(situation, happened);
    std::vector<std::string> made;
    std::set<std::string> errors;  // an error is told twice: as queue status and as a message
    for (const Happening& each : happened) {
        std::string line;
        if (each.kind == Happening::Kind::Sent) {
            const std::string name = names.of(each.id);
            if (!name.empty()) line = sent_line(situation, each, name);
        } else if (each.kind == Happening::Kind::Told) {
            line = told_line(situation, each, names);
            if (each.error > 0 && !errors.insert(line).second) continue;
        }
        if (!line.empty()) made.push_back(line);
    }
    std::sort(made.begin(), made.end());
    return made;
}

std::vector<double> gaps(const std::vector<Happening>& happened, std::uint32_t id) {
    std::vector<double> found;
    const Happening* last = nullptr;
    for (const Happening& each : happened) {
        if (each.kind != Happening::Kind::Sent || each.id != id) continue;
        if (last != nullptr && each.node != last->node) continue;
        if (last != nullptr) found.push_back(each.at_s - last->at_s);
        last = &each;
    }
    return found;
}

}  // namespace compot::traces
