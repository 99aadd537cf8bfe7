#include "sim/deployment/traffic.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/mesh/data.hpp"

namespace compot::deployment {

namespace {

using Profile = Traffic::Profile;

constexpr std::uint64_t kSpeaks = 0x5BEA;
constexpr std::uint64_t kTalkers = 0x7A1C;
/// The longest payload that Data's envelope leaves room for in a frame.
constexpr std::uint16_t kPayloadMost = 225;

/// Payloads by the fields that the firmware fills: of a User its id, names, hardware and public
/// key; of a Position latitude, longitude, height, time and precision; of Telemetry a node's
/// battery, voltage, utilisations and uptime.
struct Sizes {
    std::uint16_t least;
    std::uint16_t most;
};

constexpr Sizes kNodeInfoBytes{62, 84};
constexpr Sizes kPositionBytes{22, 34};
constexpr Sizes kTelemetryBytes{24, 32};
constexpr std::uint16_t kRoutingBytes = 2;

std::uint16_t draw(Random& random, const Sizes& sizes) {
    return static_cast<std::uint16_t>(random.between(sizes.least, sizes.most));
}

std::uint16_t captured_text(Random& random, const Capture& capture) {
    const auto part = static_cast<std::int32_t>(random.below(1000));
    const auto between = [&](std::int32_t low, std::int32_t high, std::int32_t begin,
                             std::int32_t width) {
        return static_cast<std::uint16_t>(low + (high - low) * (part - begin) / width);
    };
    std::uint16_t bytes = 0;
    if (part < 500) {
        bytes = between(1, capture.text_p50, 0, 500);
    } else if (part < 900) {
        bytes = between(capture.text_p50, capture.text_p90, 500, 400);
    } else {
        bytes = between(capture.text_p90, capture.text_most, 900, 100);
    }
    return std::min(bytes, kPayloadMost);
}

Word own(std::uint32_t port, std::uint16_t bytes) {
    Word word;
    word.port = port;
    word.bytes = bytes;
    word.polite = true;
    return word;
}

}  // namespace

const Capture& capture_of(Profile profile) {
    namespace port = compot::mesh::port;
    // Where the published shares leave a few percent to other ports, the named ones share them.
    static const Capture kBurningMan{{{port::kNodeInfo, 380},
                                      {port::kPosition, 340},
                                      {port::kRouting, 120},
                                      {port::kTelemetry, 110},
                                      {port::kText, 29}},
                                     {{4, 620}, {3, 280}, {7, 100}},
                                     470,
                                     643,
                                     25,
                                     100,
                                     227};
    static const Capture kDefcon{{{port::kNodeInfo, 340},
                                  {port::kPosition, 310},
                                  {port::kTelemetry, 240},
                                  {port::kText, 90}},
                                 {{3, 880}, {7, 120}},
                                 670,
                                 977,
                                 17,
                                 78,
                                 246};
    COMPOT_CHECK(profile == Profile::BurningMan || profile == Profile::Defcon);
    return profile == Profile::BurningMan ? kBurningMan : kDefcon;
}

std::uint32_t capture_packets_per_hour(Profile profile) {
    return capture_of(profile).packets_per_hour;
}

std::int64_t stretch_permille(const air::Modem& modem, std::size_t nodes) {
    constexpr std::int64_t kUnstretched = 40;
    const auto more = static_cast<std::int64_t>(nodes) - kUnstretched;
    if (more <= 0) return 1000;
    const std::int64_t symbols = std::int64_t{1} << modem.spreading_factor;
    return 1000 + more * symbols * 1000 * 1000 / (std::int64_t{modem.bandwidth_hz} * 100);
}

Speakers::Speakers(const Deployment& deployment, const std::vector<NodePlan>& nodes,
                   std::uint64_t seed)
    : terms_(deployment.traffic), seed_(seed) {
    const std::int64_t stretch = stretch_permille(deployment.modem(), nodes.size());
    const auto stretched = [&](Duration every) { return every * stretch / 1000; };
    switch (terms_.profile) {
        case Profile::Silent: break;
        case Profile::BurningMan:
        case Profile::Defcon: add_captured(nodes); break;
        case Profile::Messages:
            for (std::size_t i = 0; i < nodes.size(); ++i) add(i, Kind::Text, terms_.text_every);
            break;
        case Profile::Defaults:
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                add(i, Kind::Text, terms_.text_every);
                add(i, Kind::NodeInfo, stretched(terms_.nodeinfo_every));
                add(i, Kind::Position, stretched(terms_.position_every));
                add(i, Kind::Telemetry, stretched(terms_.telemetry_every));
            }
            break;
    }
}

void Speakers::add(std::size_t node, Kind kind, Duration mean) {
    sources_.push_back({static_cast<std::uint32_t>(node),
                        kind,
                        mean,
                        {},
                        Random(seed_, sources_.size(), kSpeaks)});
}

/// Each node speaks at a steady rate: a tenth of them at one that makes up the top talkers' share,
/// the others at another. Hop limits are a node's own too, and are given out so that their shares
/// of what is said come as near to the capture's as whole nodes allow.
void Speakers::add_captured(const std::vector<NodePlan>& nodes) {
    const Capture& capture = capture_of(terms_.profile);
    std::vector<std::size_t> order(nodes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    Random random(seed_, 0, kTalkers);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    const auto count = static_cast<std::int64_t>(nodes.size());
    const std::int64_t loud = std::max<std::int64_t>(count / 10, 1);
    std::vector<std::int64_t> given(capture.hops.size());
    std::int64_t all = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const bool top = i < loud && count > loud;
        const std::int64_t permille =
            count == loud ? 1000
                          : (top ? capture.top_tenth_permille : 1000 - capture.top_tenth_permille);
        const std::int64_t sharers = count == loud ? count : (top ? loud : count - loud);
        // Of the hour, `permille` of the packets are shared by `sharers` nodes.
        const std::int64_t mean_us =
            3'600'000'000 * 1000 / terms_.packets_per_hour * sharers / permille;
        const std::int64_t weight = 1'000'000 * permille / sharers;
        all += weight;
        std::size_t neediest = 0;
        std::int64_t most = INT64_MIN;
        for (std::size_t h = 0; h < given.size(); ++h) {
            const std::int64_t lacks = all * capture.hops[h].permille / 1000 - given[h];
            if (lacks > most) {
                most = lacks;
                neediest = h;
            }
        }
        given[neediest] += weight;
        add(order[static_cast<std::size_t>(i)], Kind::Captured, Duration{mean_us});
        sources_.back().hop_limit = capture.hops[neediest].hop_start;
    }
}

Duration Speakers::first(std::size_t source) {
    Source& it = sources_[source];
    if (it.kind == Kind::Text || it.kind == Kind::Captured) return pause(source);
    // The firmware's own have a rhythm, and nodes were not switched on together.
    return Duration{static_cast<std::int64_t>(it.random.next64() >> 1U) % it.mean.count()};
}

Duration Speakers::pause(std::size_t source) {
    Source& it = sources_[source];
    if (it.kind != Kind::Text && it.kind != Kind::Captured) return it.mean;
    return Duration{std::max<std::int64_t>(exponential(it.random, it.mean.count()), 1)};
}

Word Speakers::text(Random& random) const {
    Word word;
    word.port = compot::mesh::port::kText;
    word.bytes = draw(random, {terms_.bytes_least, terms_.bytes_most});
    word.direct = random.below(1000) < terms_.direct_permille;
    word.want_ack = word.direct || terms_.want_ack;
    return word;
}

Word Speakers::captured(Source& source) const {
    namespace port = compot::mesh::port;
    const Capture& capture = capture_of(terms_.profile);
    std::uint32_t all = 0;
    for (const Capture::Port& share : capture.ports) all += share.permille;
    std::uint32_t pick = source.random.below(all);
    std::uint32_t chosen = port::kText;
    for (const Capture::Port& share : capture.ports) {
        if (pick < share.permille) {
            chosen = share.port;
            break;
        }
        pick -= share.permille;
    }
    Word word = own(chosen, 0);
    switch (chosen) {
        case port::kNodeInfo: word.bytes = draw(source.random, kNodeInfoBytes); break;
        case port::kPosition: word.bytes = draw(source.random, kPositionBytes); break;
        case port::kTelemetry: word.bytes = draw(source.random, kTelemetryBytes); break;
        case port::kRouting:
            word.bytes = kRoutingBytes;
            word.direct = true;
            word.answers = true;
            break;
        default: word.bytes = captured_text(source.random, capture); break;
    }
    // What was captured had been sent: it is not held back again.
    word.polite = false;
    word.want_ack = chosen == port::kText;
    word.hop_limit = source.hop_limit;
    return word;
}

Word Speakers::say(std::size_t source) {
    namespace port = compot::mesh::port;
    Source& it = sources_[source];
    switch (it.kind) {
        case Kind::Text: break;
        case Kind::NodeInfo: return own(port::kNodeInfo, draw(it.random, kNodeInfoBytes));
        case Kind::Position: return own(port::kPosition, draw(it.random, kPositionBytes));
        case Kind::Telemetry: return own(port::kTelemetry, draw(it.random, kTelemetryBytes));
        case Kind::Captured: return captured(it);
    }
    return text(it.random);
}

}  // namespace compot::deployment
