#include <algorithm>
#include <array>

#include "sim/deployment/link_file.hpp"
#include "sim/deployment/read.hpp"
#include "sim/ether/macro_models.hpp"

namespace compot::deployment {

namespace {

constexpr Duration kLongest = 366 * 24h;

/// What nobody hears: further than any link budget of LoRa.
constexpr std::int32_t kOutOfReachCdb = 30'000;

void read_ridges(Section& section, Deployment& out) {
    for (Section& one : section.sections("ridge")) {
        ether::Ridge ridge;
        std::tie(ridge.from.x_cm, ridge.from.y_cm) = one.point_cm("from_m");
        std::tie(ridge.to.x_cm, ridge.to.y_cm) = one.point_cm("to_m");
        ridge.crest_cm = one.hundredths("crest_m", ridge.crest_cm, 0, 1'000'000);
        ridge.loss_cdb = one.hundredths("loss_db", 3000, 0, 20'000);
        one.finish();
        out.air.terms.ridges.push_back(ridge);
    }
}

void read_links(Section& section, Deployment& out) {
    for (Section& one : section.sections("link")) {
        LinkLoss link;
        for (const auto& [key, index] : {std::pair{"from", &link.from}, {"to", &link.to}}) {
            const std::string name = one.text(key, std::nullopt);
            const auto found = node_named(out, name);
            if (!found) one.fail(key, "no node is called " + name);
            *index = found.value_or(0);
        }
        link.loss_cdb = one.hundredths("loss_db", 10'000, 0, kOutOfReachCdb);
        if (link.from == link.to) one.fail("to", "a link leads from one node to another");
        const bool both = one.boolean("both_ways", false);
        one.finish();
        out.air.links.push_back(link);
        if (both) out.air.links.push_back({link.to, link.from, link.loss_cdb});
    }
}

/// Losses that give each receiver of this mesh what was measured.
void take_links(const LinkFile& file, std::size_t rate_bytes, Deployment& out) {
    const air::Modem modem = out.modem();
    const std::int32_t noise =
        ether::noise_floor_cdbm(modem.bandwidth_hz, out.air.terms.noise_figure_cdb);
    for (std::size_t from = 0; from < file.nodes; ++from) {
        for (std::size_t to = 0; to < file.nodes; ++to) {
            if (from == to) continue;
            LinkLoss link{from, to, kOutOfReachCdb};
            if (const auto value = file.value(from, to)) {
                std::int32_t level = *value;
                if (file.what == LinkFile::What::Rates) {
                    const auto survival = static_cast<std::uint32_t>(
                        std::max<std::int64_t>(std::int64_t{*value} * 65536 / 1'000'000, 1));
                    level = noise + ether::snr_for_survival_cdb(modem.spreading_factor, rate_bytes,
                                                                survival);
                }
                link.loss_cdb = std::clamp(out.common.power_cdbm + 2 * out.common.gain_cdb - level,
                                           0, kOutOfReachCdb);
            }
            out.air.links.push_back(link);
        }
    }
}

void check_frequency(Section& section, const Air& air) {
    const bool hata = air.model >= Model::HataLargeCity && air.model <= Model::HataOpen;
    if (hata &&
        (air.frequency_khz < ether::Hata::kLeastKhz || air.frequency_khz > ether::Hata::kMostKhz))
        section.fail("path_loss", "Hata's models hold from 150 to 1500 MHz");
}

}  // namespace

void read_measured(Section& air, Deployment& out, const ReadFile& read_file) {
    // The receivers' noise says what a rate means, so it comes first.
    out.air.terms.noise_figure_cdb =
        air.hundredths("noise_figure_db", out.air.terms.noise_figure_cdb, 0, 3000);
    const bool wanted = air.has("measured");
    Section section = air.section("measured");
    if (!wanted) return;
    const std::string name = section.text("file", std::nullopt);
    const auto rate_bytes = static_cast<std::size_t>(section.integer("frame_bytes", 200, 16, 255));
    const std::int32_t unit_cm = section.hundredths("unit_m", 100'000, 1, 10'000'000);
    section.finish();
    if (name.empty()) return;
    const auto text = read_file(name);
    if (!text) return section.fail("file", text.error().sentence);
    const auto links = parse_links(*text, unit_cm);
    if (!links) return section.fail("file", name + ": " + links.error().sentence);
    out.nodes = links->nodes;
    out.air.measured = true;
    out.measured_places = links->places;
    take_links(*links, rate_bytes, out);
}

void read_air(Section section, Deployment& out) {
    Air& air = out.air;
    constexpr std::size_t kSuburb = 7;
    air.model = static_cast<Model>(
        section.choice("path_loss", kSuburb,
                       {"free_space", "log_distance", "two_ray", "hata_large_city", "hata_city",
                        "hata_suburb", "hata_open", "3gpp_suburb", "3gpp_city"}));
    // A preset that was refused leaves the default one, which a region need not allow.
    const auto slot = radio::slot_of(out.region, out.preset, out.channel);
    const std::uint32_t own = (slot.ok() ? slot->frequency_hz : out.region.start_hz) / 1000;
    air.frequency_khz =
        static_cast<std::uint32_t>(section.integer("frequency_khz", own, 100'000, 3'000'000));
    air.reference_loss_cdb = section.hundredths("loss_at_1m_db", air.reference_loss_cdb, 0, 20'000);
    air.exponent_hundredths = section.hundredths("exponent", air.exponent_hundredths, 100, 800);
    air.terms.shadowing_cdb = section.hundredths("shadowing_db", 0, 0, 2000);
    air.terms.asymmetry_cdb = section.hundredths("asymmetry_db", 0, 0, 2000);
    air.terms.loss_millionths =
        static_cast<std::uint32_t>(section.hundredths("loss_percent", 0, 0, 10'000)) * 100;
    air.terms.capture = section.choice("capture", 0, {"6dB", "croce"}) == 1
                            ? ether::Capture::Croce
                            : ether::Capture::SixDecibels;
    check_frequency(section, air);
    read_ridges(section, out);
    read_links(section, out);
    section.finish();
}

void read_traffic(Section section, Deployment& out) {
    using Profile = Traffic::Profile;
    Traffic& traffic = out.traffic;
    traffic.profile = static_cast<Profile>(
        section.choice("profile", 2, {"silent", "messages", "defaults", "burning-man", "defcon"}));
    if (traffic.profile == Profile::BurningMan || traffic.profile == Profile::Defcon) {
        traffic.packets_per_hour = static_cast<std::uint32_t>(section.integer(
            "packets_per_hour", capture_packets_per_hour(traffic.profile), 1, 10'000'000));
        return section.finish();
    }
    traffic.text_every = section.seconds("message_every_s", traffic.text_every, 1s, kLongest);
    traffic.bytes_least =
        static_cast<std::uint16_t>(section.integer("bytes_least", traffic.bytes_least, 1, 200));
    traffic.bytes_most =
        static_cast<std::uint16_t>(section.integer("bytes_most", traffic.bytes_most, 1, 200));
    if (traffic.bytes_most < traffic.bytes_least)
        section.fail("bytes_most", "expected at least bytes_least");
    traffic.direct_permille =
        static_cast<std::uint16_t>(section.hundredths("direct_percent", 0, 0, 10'000) / 10);
    traffic.want_ack = section.boolean("want_ack", traffic.want_ack);
    const auto every = [&](const char* key, Duration& span) {
        span = section.seconds(key, span, 1s, kLongest);
    };
    every("nodeinfo_every_s", traffic.nodeinfo_every);
    every("position_every_s", traffic.position_every);
    every("telemetry_every_s", traffic.telemetry_every);
    section.finish();
}

void read_mobility(Section section, Deployment& out) {
    Mobility& mobility = out.mobility;
    mobility.permille =
        static_cast<std::uint16_t>(section.hundredths("share_percent", 0, 0, 10'000) / 10);
    mobility.slowest_cm_s = section.hundredths("speed_least_m_s", mobility.slowest_cm_s, 1, 30'000);
    mobility.fastest_cm_s = section.hundredths("speed_most_m_s", mobility.fastest_cm_s, 1, 30'000);
    mobility.pause = section.seconds("pause_s", mobility.pause, 0s, kLongest);
    mobility.step = section.seconds("step_s", mobility.step, 100ms, 1h);
    if (mobility.fastest_cm_s < mobility.slowest_cm_s)
        section.fail("speed_most_m_s", "expected at least speed_least_m_s");
    if (mobility.permille > 0 && out.air.measured)
        section.fail("share_percent", "nobody moves where all links were measured");
    section.finish();
}

void read_churn(Section section, Deployment& out) {
    out.churn.between_failures = section.seconds("mtbf_s", 0s, 1s, 100 * kLongest);
    out.churn.off = section.seconds("off_s", out.churn.off, 1s, kLongest);
    section.finish();
}

void read_happenings(Section& root, Deployment& out) {
    for (Section& section : root.sections("event")) {
        Happening event;
        event.at = section.seconds("at_s", 0s, 0s, kLongest);
        event.what =
            static_cast<Happening::What>(section.choice("do", 0, {"drop", "revive", "reboot"}));
        event.permille =
            static_cast<std::uint16_t>(section.hundredths("share_percent", 0, 0, 10'000) / 10);
        event.node = section.text(
            "node", event.permille > 0 ? std::optional<std::string>("") : std::nullopt);
        if (!event.node.empty() && !node_named(out, event.node))
            section.fail("node", "no node is called " + event.node);
        if (!event.node.empty() && event.permille > 0)
            section.fail("node", "either a node or share_percent");
        section.finish();
        out.happenings.push_back(event);
    }
}

void read_energy(Section section, Deployment& out) {
    Energy& energy = out.energy;
    // SOURCE: nRF52840 product specification 1.7: 3.3 mA at 64 MHz from flash with the DC/DC
    // converter. ESP32 datasheet 4.4: modem sleep, 240 MHz, one core: 30 to 44 mA.
    constexpr std::array<std::int32_t, 2> kMcuHundredthsMa{330, 3700};
    const std::size_t board = section.choice("board", 0, {"nrf52840", "esp32"});
    const auto milliamperes = [&](const char* key, std::uint32_t fallback_ua) {
        return static_cast<std::uint32_t>(section.hundredths(
                   key, static_cast<std::int32_t>(fallback_ua / 10), 0, 1'000'000)) *
               10;
    };
    energy.battery_mah =
        static_cast<std::uint32_t>(section.integer("battery_mah", 0, 0, 10'000'000));
    energy.mcu_ua =
        milliamperes("mcu_ma", static_cast<std::uint32_t>(kMcuHundredthsMa[board]) * 10);
    energy.receive_ua = milliamperes("receive_ma", energy.receive_ua);
    energy.transmit_ua = milliamperes("transmit_ma", energy.transmit_ua);
    energy.sleep_ua = milliamperes("sleep_ma", energy.sleep_ua);
    energy.awake = section.seconds("sleepers_awake_s", 0s, 0s, kLongest);
    section.finish();
}

void read_foreign(Section section, Deployment& out) {
    Foreign& foreign = out.foreign;
    foreign.load_permille =
        static_cast<std::uint16_t>(section.hundredths("load_percent", 0, 0, 8000) / 10);
    foreign.stations =
        static_cast<std::uint16_t>(section.integer("stations", foreign.stations, 1, 1000));
    foreign.bytes_least =
        static_cast<std::uint16_t>(section.integer("bytes_least", foreign.bytes_least, 25, 250));
    foreign.bytes_most =
        static_cast<std::uint16_t>(section.integer("bytes_most", foreign.bytes_most, 25, 250));
    foreign.antenna_cm = section.hundredths("antenna_m", foreign.antenna_cm, 1, 1'000'000);
    if (foreign.bytes_most < foreign.bytes_least)
        section.fail("bytes_most", "expected at least bytes_least");
    if (foreign.load_permille > 0 && out.air.measured)
        section.fail("load_percent",
                     "there is no place for strangers where all links were measured");
    section.finish();
}

std::unique_ptr<ether::PathLoss> path_loss(const Deployment& deployment) {
    using ether::Hata;
    using ether::Macrocell;
    const Air& air = deployment.air;
    const std::uint32_t khz = air.frequency_khz;
    std::int32_t highest = std::max(deployment.common.antenna_cm, deployment.foreign.antenna_cm);
    for (const NodePlan& node : deployment.listed) highest = std::max(highest, node.antenna_cm);
    const auto hata = [&](Hata::Ground ground) {
        return std::make_unique<Hata>(khz, ground, highest);
    };
    const auto macrocell = [&](Macrocell::Ground ground) {
        return std::make_unique<Macrocell>(khz, ground, highest);
    };
    switch (air.model) {
        case Model::FreeSpace: break;
        case Model::LogDistance:
            return std::make_unique<ether::LogDistance>(air.reference_loss_cdb, 100,
                                                        air.exponent_hundredths);
        case Model::TwoRay: return std::make_unique<ether::TwoRay>(khz);
        case Model::HataLargeCity: return hata(Hata::Ground::LargeCity);
        case Model::HataCity: return hata(Hata::Ground::City);
        case Model::HataSuburb: return hata(Hata::Ground::Suburb);
        case Model::HataOpen: return hata(Hata::Ground::Open);
        case Model::MacroSuburb: return macrocell(Macrocell::Ground::Suburb);
        case Model::MacroCity: return macrocell(Macrocell::Ground::City);
    }
    return std::make_unique<ether::FreeSpace>(khz);
}

}  // namespace compot::deployment
