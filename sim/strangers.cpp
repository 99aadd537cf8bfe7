#include "sim/strangers.hpp"

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/learn/grid.hpp"
#include "radio/channel.hpp"

namespace compot::sim {

namespace {

constexpr std::uint64_t kPurpose = 0x57A6;
constexpr std::uint32_t kBackoffSlots = 8;

Duration airtime_of(const air::Modem& modem, std::size_t bytes) {
    const auto airtime = air::airtime(modem, bytes);
    COMPOT_CHECK(airtime.ok());
    return *airtime;
}

}  // namespace

Strangers::Strangers(const scenario::Scenario& scenario, std::uint64_t seed, ether::Ether& ether)
    : modem_(air::modem(scenario.preset)), terms_(scenario.foreign) {
    if (terms_.load_permille == 0) return;
    const std::int32_t side_cm = scenario.cell_cm * learn::kGridSide;
    for (std::uint64_t i = 0; i < terms_.stations; ++i) {
        Stranger stranger{0, Random(seed, i, kPurpose), 0};
        ether::Antenna antenna;
        antenna.at = {stranger.random.between(0, side_cm), stranger.random.between(0, side_cm),
                      terms_.antenna_cm};
        antenna.modem = modem_;
        stranger.station = ether.add(antenna);
        draw_size(stranger);
        strangers_.push_back(stranger);
    }
}

void Strangers::draw_size(Stranger& stranger) {
    stranger.bytes =
        static_cast<std::uint16_t>(stranger.random.between(terms_.bytes_least, terms_.bytes_most));
}

Duration Strangers::pause(Stranger& stranger) const {
    // Each of n stations sends 1/n of the load: a frame of airtime A every A n / load, so a pause
    // of that less the frame itself.
    const std::int64_t airtime = airtime_of(modem_, stranger.bytes).count();
    const std::int64_t mean = airtime * terms_.stations * 1000 / terms_.load_permille - airtime;
    return Duration{exponential(stranger.random, mean > 0 ? mean : 0)};
}

Time Strangers::first(std::size_t which) { return Time{pause(strangers_[which])}; }

radio::Frame Strangers::make_frame(std::size_t which) {
    Stranger& stranger = strangers_[which];
    radio::Header header;
    header.from = number(which);
    header.id = PacketId{stranger.random.next32()};
    header.hop_limit = 0;
    header.hop_start = 3;
    header.channel_hash = radio::default_channel(air::name(air::Preset::LongFast)).hash;
    header.relay_node = radio::short_name(header.from);
    const auto bytes = radio::encode(header);
    radio::Frame frame;
    for (const std::uint8_t byte : bytes) frame.push(byte);
    while (frame.size() < stranger.bytes) {
        frame.push(static_cast<std::uint8_t>(stranger.random.below(256)));
    }
    return frame;
}

Strangers::Turn Strangers::turn(std::size_t which, const ether::Ether& ether, Time now) {
    Stranger& stranger = strangers_[which];
    Turn turn;
    if (ether.carrier(stranger.station, now) || ether.sending(stranger.station, now)) {
        turn.next = now + air::slot(modem_) * (1 + stranger.random.below(kBackoffSlots));
        return turn;
    }
    turn.sends = true;
    turn.frame = make_frame(which);
    turn.next = now + airtime_of(modem_, stranger.bytes);
    draw_size(stranger);
    turn.next += pause(stranger);
    return turn;
}

}  // namespace compot::sim
