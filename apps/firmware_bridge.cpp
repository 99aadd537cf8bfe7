#include "apps/firmware_bridge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <random>

#include "apps/region.hpp"
#include "apps/serve.hpp"
#include "host/firmware_loop/border.hpp"
#include "host/stream_client/radio.hpp"

namespace compot::apps {

namespace {

using namespace std::chrono_literals;
using Wall = std::chrono::steady_clock::time_point;

/// A simulated radio tells of a transmission within its loop of a tenth of a second and its own
/// random wait; a second is long for that.
constexpr auto kProbeWithin = 10s;
/// Frames that wait for the world's thread; it comes every few milliseconds.
constexpr std::size_t kInboxMax = 256;

}  // namespace

Result<scenario::Scenario, std::string> with_firmware(scenario::Scenario scenario,
                                                      const std::vector<std::string>& options) {
    for (const std::string& option : options) {
        const auto equals = option.find('=');
        const std::string name = option.substr(0, equals);
        if (equals == std::string::npos || equals == 0 || equals + 1 == option.size())
            return "--firmware " + option + ": expected NAME=tcp:HOST:PORT";
        const std::string address = option.substr(equals + 1);
        const auto own = std::find_if(scenario.firmware.begin(), scenario.firmware.end(),
                                      [&](const auto& each) { return each.name == name; });
        if (own != scenario.firmware.end()) {
            own->address = address;
            continue;
        }
        const auto node = scenario.node_named(name);
        if (!node)
            return fmt::format(
                "--firmware {}: neither a [[firmware]] nor a node of {} is called {}", option,
                scenario.name, name);
        scenario::NodePlan& plan = scenario.nodes[*node];
        plan.present = false;
        scenario.firmware.push_back(
            {name, address, plan.at, plan.power_cdbm, plan.gain_cdb, plan.antenna_cm});
    }
    for (const scenario::FirmwarePlan& plan : scenario.firmware) {
        if (plan.address.empty())
            return fmt::format("{}: where is it? --firmware {}=tcp:HOST:PORT", plan.name,
                               plan.name);
        const auto parsed = stream_client::parse_address(plan.address);
        if (!parsed) return plan.name + ": " + parsed.error();
        if (parsed->kind != stream_client::Address::Kind::Tcp)
            return fmt::format("{}: a simulated radio is reached by TCP (tcp:HOST:PORT), not at {}",
                               plan.name, plan.address);
    }
    return scenario;
}

/// One firmware:
///
///     Away --configured and fits--> Asked --tells of the probe--> Here
///      ^--- the line is cut, or it reboots -----------------------'
///
/// The probe is a packet of our own, which never reaches the world: only a radio that is simulated
/// tells its client what it transmits, and one that is not would send our packets on real air.
class FirmwareBridge::Line final : public stream_client::Listener {
public:
    Line(FirmwareBridge& bridge, std::size_t guest, const scenario::Scenario& scenario)
        : bridge_(bridge),
          guest_(guest),
          name_(scenario.firmware[guest].name),
          air_{scenario.preset, region_at(scenario.air.frequency_khz)},
          address_(*stream_client::parse_address(scenario.firmware[guest].address)) {
        const auto enrolled = scenario::enrol(scenario);
        channel_ = enrolled.channel;
        stream_client::Terms terms;
        terms.wants_nodes = false;
        terms.simulated = true;
        terms.seed = std::random_device{}();
        probe_ = PacketId{std::random_device{}() | 1U};
        const std::lock_guard lock(mutex_);
        radio_ = std::make_unique<stream_client::Radio>(address_, terms, *this);
    }

    /// Empty when it is there and fits, else why not.
    [[nodiscard]] std::string wait(Wall until) {
        std::unique_lock lock(mutex_);
        while (state_ != State::Here && fatal_.empty()) {
            const Wall now = std::chrono::steady_clock::now();
            if (state_ == State::Asked && now >= asked_at_ + kProbeWithin)
                return fmt::format(
                    "{} at {}: its radio is not a simulated one: start it with meshtasticd -s",
                    name_, stream_client::to_string(address_));
            if (stop_requested()) return name_ + ": interrupted";
            if (state_ == State::Away && now >= until)
                return fmt::format(
                    "{}: no firmware answers ({})", name_,
                    trouble_.empty() ? stream_client::to_string(address_) : trouble_);
            changed_.wait_for(lock, 50ms);
        }
        return fatal_;
    }

    /// What the scenario's own channel is to this firmware: a sentence when it has none such.
    [[nodiscard]] std::string channel_advice() {
        const std::lock_guard lock(mutex_);
        for (const auto& [index, each] : channels_) {
            if (each.hash == channel_.hash && each.key == channel_.key) return {};
        }
        return fmt::format(
            "{} has not the scenario's channel, so what it sends is relayed and not read; it gets "
            "it by: meshtastic --host HOST --ch-index 0 --ch-set name {} --ch-set psk 0x{:02x}",
            name_, channel_.name, fmt::join(channel_.key, ""));
    }

    void heard(BytesView frame, std::int16_t rssi_cdbm, std::int16_t snr_cdb) {
        const std::lock_guard lock(mutex_);
        if (state_ != State::Here) return;
        const auto packet = firmware_loop::heard_of(frame, rssi_cdbm, snr_cdb, channels_);
        if (!packet) {
            ++counts_.failed;
            return;
        }
        ++counts_.heard;
        radio_->inject(*packet);
    }

    void news(const stream_client::News& news) override {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<stream_client::Ready>(news)) ask();
        if (std::holds_alternative<stream_client::NotReady>(news)) gone("it begins anew");
        if (const auto* taken = std::get_if<stream_client::Taken>(&news);
            taken != nullptr && taken->error != mesh::RoutingError::NoError)
            fail(fmt::format("it does not send: {}", mesh::to_string(taken->error)));
        if (const auto* told = std::get_if<stream_client::Simulated>(&news)) take(told->packet);
        changed_.notify_all();
    }

    void trouble(const std::string& sentence) override {
        const std::lock_guard lock(mutex_);
        trouble_ = sentence;
        gone(sentence);
        changed_.notify_all();
    }

    [[nodiscard]] Counts counts() const {
        const std::lock_guard lock(mutex_);
        return counts_;
    }

    void fail_one() {
        const std::lock_guard lock(mutex_);
        ++counts_.failed;
    }

private:
    enum class State : std::uint8_t { Away, Asked, Here };

    void ask() {
        const auto facts = radio_->facts();
        const std::string misfit = firmware_loop::misfit(facts, air_);
        if (!misfit.empty()) return fail(misfit);
        counts_.name = name_;
        counts_.self = facts.self;
        channels_ = firmware_loop::channels_of(facts);
        state_ = State::Asked;
        asked_at_ = std::chrono::steady_clock::now();
        radio::Packet probe;
        probe.id = probe_ = PacketId{probe_.value + 2};
        probe.hop_limit = 0;
        probe.data.portnum = mesh::port::kPrivate;
        probe.data.payload = {0};
        radio_->send(probe);
    }

    void take(const mesh::MeshPacket& packet) {
        if (packet.id == probe_.value) {
            if (state_ == State::Asked && told_gone_)
                bridge_.say_(fmt::format("{}'s firmware is there again", name_));
            told_gone_ = false;
            state_ = State::Here;
            return;
        }
        if (state_ == State::Away) return;
        const auto frame = firmware_loop::frame_of(packet, channels_);
        if (!frame) {
            ++counts_.failed;
            return;
        }
        ++counts_.sent;
        bridge_.sent({guest_, counts_.self, *frame});
    }

    void gone(const std::string& why) {
        if (state_ != State::Away && !told_gone_) {
            bridge_.say_(fmt::format("{}'s firmware is gone ({}); it is looked for", name_, why));
            told_gone_ = true;
        }
        state_ = State::Away;
    }

    void fail(const std::string& why) {
        const std::string sentence =
            fmt::format("{} at {}: {}", name_, stream_client::to_string(address_), why);
        if (fatal_ != sentence && told_gone_) bridge_.say_(sentence);
        fatal_ = sentence;
        state_ = State::Away;
    }

    FirmwareBridge& bridge_;
    std::size_t guest_;
    std::string name_;
    firmware_loop::Air air_;
    stream_client::Address address_;
    radio::Channel channel_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    State state_ = State::Away;
    Wall asked_at_{};
    PacketId probe_;
    bool told_gone_ = false;
    std::string trouble_;
    std::string fatal_;
    firmware_loop::Channels channels_;
    Counts counts_;
    std::unique_ptr<stream_client::Radio> radio_;
};

Result<std::unique_ptr<FirmwareBridge>, std::string> FirmwareBridge::connect(
    const scenario::Scenario& scenario, std::chrono::milliseconds patience,
    std::function<void(const std::string&)> say) {
    std::unique_ptr<FirmwareBridge> bridge(new FirmwareBridge());
    bridge->say_ = std::move(say);
    for (std::size_t i = 0; i < scenario.firmware.size(); ++i)
        bridge->lines_.push_back(std::make_unique<Line>(*bridge, i, scenario));
    const Wall until = std::chrono::steady_clock::now() + patience;
    for (const auto& line : bridge->lines_) {
        const std::string problem = line->wait(until);
        if (!problem.empty()) return problem;
        const std::string advice = line->channel_advice();
        if (!advice.empty()) bridge->say_(advice);
    }
    return bridge;
}

FirmwareBridge::~FirmwareBridge() = default;

void FirmwareBridge::attach(sim::Simulation& world) {
    world_ = &world;
    world.set_guest_listener(this);
}

void FirmwareBridge::on_frames(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

void FirmwareBridge::sent(Sent what) {
    const std::lock_guard lock(mutex_);
    if (inbox_.size() >= kInboxMax) return;
    inbox_.push_back(std::move(what));
    wake_();
}

void FirmwareBridge::take_in() {
    std::vector<Sent> sent;
    {
        const std::lock_guard lock(mutex_);
        sent.swap(inbox_);
    }
    for (const Sent& each : sent) {
        if (world_ == nullptr ||
            !world_->guest_sends(each.guest, each.transmitter, each.frame.view()))
            lines_[each.guest]->fail_one();
    }
}

void FirmwareBridge::heard(std::size_t guest, BytesView frame, std::int16_t rssi_cdbm,
                           std::int16_t snr_cdb) {
    lines_[guest]->heard(frame, rssi_cdbm, snr_cdb);
}

std::vector<FirmwareBridge::Counts> FirmwareBridge::counts() const {
    std::vector<Counts> all;
    for (const auto& line : lines_) all.push_back(line->counts());
    return all;
}

}  // namespace compot::apps
