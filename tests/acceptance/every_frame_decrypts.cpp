#include <cstdint>
#include <optional>

#include "core/base/random.hpp"
#include "core/profile/frame.hpp"
#include "radio/cipher.hpp"
#include "tests/acceptance/eavesdropper.hpp"

/// Promise: every frame on the air decrypts with the codec that passes the golden vectors, and its
/// envelope authenticates; one flipped bit, and a counter heard before, are dropped and counted.

namespace {

using namespace std::chrono_literals;

using compot::BytesView;
using compot::acceptance::Overheard;
using compot::acceptance::Scene;
using compot::acceptance::verdict;
namespace air = compot::air;
namespace mesh = compot::mesh;
namespace profile = compot::profile;
namespace radio = compot::radio;

/// A frame with its layers taken off.
struct Read {
    radio::Header header;
    mesh::Data data;
    std::size_t payload_at = 0;  ///< where our envelope begins in the frame
};

std::optional<Read> read(const radio::Channel& channel, BytesView frame) {
    const auto header = radio::decode_header(frame);
    if (!header.ok() || header->channel_hash != channel.hash) return std::nullopt;
    radio::Frame plain;
    if (!plain.assign(frame.subspan(radio::kHeaderBytes))) return std::nullopt;
    radio::crypt_channel(channel.key, header->from, header->id, {plain.data(), plain.size()});
    const auto data = mesh::decode_data(plain.view());
    if (!data.ok() || data->portnum != air::kPrivatePort) return std::nullopt;
    const auto found =
        std::search(plain.begin(), plain.end(), data->payload.begin(), data->payload.end());
    return Read{*header, *data,
                radio::kHeaderBytes + static_cast<std::size_t>(found - plain.begin())};
}

class Keys {
public:
    explicit Keys(const Scene& scene) {
        for (const auto& unit : scene.world->units()) {
            profile::Keyring ring(unit.id(), unit.config.channel_key);
            for (const auto& member : unit.config.members) {
                if (member.id == unit.id()) continue;
                if (!ring.enrol(member.id, unit.config.exchange_secret, member.exchange_public))
                    Scene::stop("a node can't be enrolled");
            }
            rings_.emplace(unit.id(), ring);
        }
    }

    /// By what error, if any, this node's envelope check refuses it.
    [[nodiscard]] std::optional<compot::Error> refusal(compot::NodeId reader,
                                                       const Read& frame) const {
        const auto opened = profile::open(rings_.at(reader), frame.header.from, frame.header.id,
                                          frame.data.payload.view());
        if (opened.ok()) return std::nullopt;
        return opened.error();
    }

    [[nodiscard]] bool authentic(const Read& frame) const {
        return std::any_of(rings_.begin(), rings_.end(), [&](const auto& ring) {
            return ring.first != frame.header.from && !refusal(ring.first, frame);
        });
    }

private:
    std::map<compot::NodeId, profile::Keyring> rings_;
};

/// How often nodes must drop what is injected: once for each that gets it out of its radio, but for
/// words between two others, which are none of its business whoever wrote them.
unsigned long due_drops(const Scene& scene, const Keys& keys,
                        const std::map<std::uint64_t, Read>& injected) {
    unsigned long due = 0;
    for (const auto& [flight, receptions] : scene.ears.ended) {
        const auto found =
            injected.find(std::uint64_t{flight.from.value} << 32U | flight.packet.value);
        if (found == injected.end()) continue;
        for (const auto& reception : receptions) {
            if (reception.fate != compot::observe::Fate::Decoded) continue;
            if (reception.receiver == flight.from) continue;
            due +=
                keys.refusal(reception.receiver, found->second) == compot::Error::Refused ? 0U : 1U;
        }
    }
    return due;
}

unsigned long dropped(const Scene& scene) {
    unsigned long count = 0;
    for (const auto& unit : scene.world->units()) count += unit.node->look().frames_dropped;
    return count;
}

/// Nodes that know each other, and radios that have met none of the frames.
void reboot(Scene& scene) {
    scene.reboot_all();
    scene.run_for(5min);
}

/// More packets of another channel than a radio remembers: after them it takes a replay for new.
void wash_histories(Scene& scene) {
    constexpr std::uint32_t kPackets = 220;
    for (std::uint32_t id = 1; id <= kPackets; ++id) {
        radio::Header header;
        header.from = compot::NodeId{0x7E57};
        header.id = compot::PacketId{id};
        header.hop_limit = 0;
        const auto bytes = radio::encode(header);
        scene.inject({bytes.begin(), bytes.end()});
    }
}

/// Sends each frame, altered by `alter`; true if all were dropped.
template <typename Alter>
bool all_dropped(Scene& scene, const Keys& keys, const std::vector<Overheard>& frames,
                 const char* what, Alter alter) {
    scene.ears.forget();
    const unsigned long before = dropped(scene);
    std::map<std::uint64_t, Read> injected;
    for (const Overheard& frame : frames) {
        auto bytes = frame.bytes;
        alter(bytes);
        const auto altered = read(scene.world->channel(), bytes);
        if (!altered) Scene::stop("an altered frame can't be read any more");
        const auto key =
            std::uint64_t{altered->header.from.value} << 32U | altered->header.id.value;
        if (!injected.emplace(key, *altered).second)
            continue;  // a relayed copy of one sent already
        scene.inject(bytes);
    }
    scene.run_for(10s);
    const unsigned long due = due_drops(scene, keys, injected);
    const unsigned long counted = dropped(scene) - before;
    std::printf("%s: %zu sent, reached nodes %lu times\n", what, injected.size(), due);
    bool good = due > 0;
    good &= verdict("  dropped and counted by nodes", counted, "as often as they got one",
                    counted == due);
    const unsigned long deeds = scene.ears.jobs.size() + scene.ears.ledger_lines;
    return verdict("  job steps and ledger lines", deeds, "none", deeds == 0) && good;
}

}  // namespace

int main() {
    Scene scene(7);
    scene.run_to_the_end();
    scene.ears.keeps = false;
    const Keys keys(scene);
    const auto& frames = scene.ears.heard;
    unsigned long decrypted = 0;
    unsigned long authentic = 0;
    std::vector<std::size_t> envelopes;
    for (const Overheard& frame : frames) {
        const auto plain = read(scene.world->channel(), frame.bytes);
        if (!plain) continue;
        ++decrypted;
        authentic += keys.authentic(*plain) ? 1U : 0U;
    }
    std::printf("%zu frames on the air of a whole run\n", frames.size());
    bool good =
        verdict("decrypt by the radio's codec", decrypted, "all", decrypted == frames.size());
    good &= verdict("envelope authenticates", authentic, "all", authentic == frames.size());
    if (!good) return 1;

    wash_histories(scene);
    good &= all_dropped(scene, keys, frames, "a counter of this boot", [](auto&) {});
    reboot(scene);
    compot::Random random(1, 0, 0);
    good &= all_dropped(scene, keys, frames, "one flipped bit", [&](auto& bytes) {
        const auto plain = read(scene.world->channel(), bytes);
        const auto bits = static_cast<std::uint32_t>(plain->data.payload.size() * 8);
        const std::uint32_t bit = random.below(bits);
        bytes[plain->payload_at + bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    });
    reboot(scene);
    good &= all_dropped(scene, keys, frames, "a counter of before a reboot", [](auto&) {});
    return good ? 0 : 1;
}
