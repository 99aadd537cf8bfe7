#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "core/crypto/crypto.hpp"
#include "host/stream_client/radio.hpp"
#include "tests/acceptance/serial/radio_stand_in.hpp"

/// Promise: over a serial line that loses and adds bytes, with a radio that reboots and is
/// unplugged in the middle of a message, our client loses no message that came whole, invents none,
/// and gets every packet of its own into the radio. Usage: serial_noise [PACKETS [SEED]]

namespace {

using namespace compot;
using namespace compot::serial_noise;
using std::chrono::steady_clock;

constexpr std::uint32_t kOwnIds = 0x10000000;  ///< of the client's packets
constexpr std::uint32_t kBreaksEach = 3;       ///< reboots, and as many times unplugged
constexpr auto kPatience = std::chrono::seconds(40);

/// Its number, bytes that depend on it, among them a frame's beginning, and a digest of all.
radio::Packet numbered(std::uint32_t number) {
    Random random(number);
    radio::Packet packet;
    packet.from = NodeId{0xA1};
    packet.id = PacketId{number};
    packet.data.portnum = mesh::port::kPrivate;
    packet.data.payload.resize(8 + random.below(190));
    auto& payload = packet.data.payload;
    for (std::size_t i = 8; i < payload.size(); ++i)
        payload[i] = static_cast<std::uint8_t>(random.next32());
    if (payload.size() > 60 && random.below(10) == 0) {
        payload[20] = 0x94;
        payload[21] = 0xC3;
        payload[22] = 0;
    }
    const std::uint64_t digest =
        crypto::digest64(payload.view().subspan(8)) ^ std::uint64_t{number};
    for (std::size_t i = 0; i < 8; ++i) payload[i] = static_cast<std::uint8_t>(digest >> (8 * i));
    return packet;
}

class Books final : public stream_client::Listener {
public:
    void news(const stream_client::News& news) override {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<stream_client::Ready>(news)) ++ready_;
        if (const auto* taken = std::get_if<stream_client::Taken>(&news))
            (taken->error == mesh::RoutingError::NoError ? accepted_ : refused_) += 1;
        const auto* heard = std::get_if<stream_client::Heard>(&news);
        if (heard == nullptr) return;
        const radio::Packet wanted = numbered(heard->packet.id.value);
        const bool same =
            heard->packet.from == wanted.from && heard->packet.data.payload == wanted.data.payload;
        if (!same || !heard_.insert(heard->packet.id.value).second) ++invented_;
    }

    void trouble(const std::string&) override {}

    template <typename What>
    auto look(What what) const {
        const std::lock_guard lock(mutex_);
        return what(*this);
    }

    std::set<std::uint32_t> heard_;
    std::uint32_t invented_ = 0;
    std::uint32_t ready_ = 0;
    std::uint32_t accepted_ = 0;
    std::uint32_t refused_ = 0;

private:
    mutable std::mutex mutex_;
};

/// Turns until `done`, or time is up.
template <typename Done>
bool turn_until(RadioStandIn& radio, Done done) {
    const auto until = steady_clock::now() + kPatience;
    while (!done()) {
        if (steady_clock::now() > until) return false;
        radio.turn();
    }
    return true;
}

constexpr std::uint32_t kOwnWaitingMost = 8;

int g_failed = 0;

void verdict(const char* what, std::uint64_t figure, const char* words, std::uint64_t threshold,
             bool good) {
    std::printf("%s: %llu (%s %llu): %s\n", what, static_cast<unsigned long long>(figure), words,
                static_cast<unsigned long long>(threshold), good ? "pass" : "FAIL");
    if (!good) ++g_failed;
}

void play(RadioStandIn& radio, stream_client::Radio& client, const Books& books,
          std::uint32_t packets) {
    const auto settled = [&] {
        return books.look([&](const Books& look) {
            for (const std::uint32_t number : radio.left_whole())
                if (look.heard_.count(number) == 0) return false;
            return true;
        });
    };
    std::uint32_t own = 0;
    for (std::uint32_t number = 1; number <= packets; ++number) {
        turn_until(radio, [&] { return radio.configured(); });
        radio.deliver(numbered(number));
        if (number % 10 == 0) {
            // A client keeps so many packets and refuses more: not what is measured here.
            turn_until(radio, [&] {
                return books.look([&](const Books& look) {
                    return own - look.accepted_ - look.refused_ < kOwnWaitingMost;
                });
            });
            radio::Packet packet = numbered(kOwnIds + ++own);
            client.send(packet);
        }
        const std::uint32_t part = packets / (2 * kBreaksEach + 1);
        if (number % part != 0 || number / part > 2 * kBreaksEach) continue;
        // What is in the line when it breaks is lost by nature: the books begin anew behind it.
        turn_until(radio, settled);
        const std::uint32_t before = books.look([](const Books& look) { return look.ready_; });
        if (number / part % 2 == 0) {
            radio.reboot();
        } else {
            radio.unplug();
        }
        turn_until(radio, [&] {
            return books.look([&](const Books& look) { return look.ready_ > before; });
        });
    }
    turn_until(radio, [&] {
        return settled() &&
               books.look([&](const Books& look) { return look.accepted_ + look.refused_ >= own; });
    });
}

}  // namespace

int main(int argc, char** argv) {
    const auto packets =
        argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 3000U;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const std::string device = "/tmp/compot_serial_" + std::to_string(::getpid());
    RadioStandIn radio(device, seed);
    Books books;
    stream_client::Terms terms;
    terms.lossy = true;
    terms.seed = seed;
    const auto address = stream_client::parse_address("serial:" + device);
    stream_client::Radio client(*address, terms, books);
    const auto began = steady_clock::now();
    play(radio, client, books, packets);

    const auto& noise = radio.noise();
    const auto counters = client.counters();
    std::uint64_t lost = 0;
    for (const std::uint32_t number : radio.left_whole()) lost += 1 - books.heard_.count(number);
    const std::set<std::uint32_t> taken(radio.taken().begin(), radio.taken().end());
    std::printf("serial noise, seed %llu: %u packets in %.1f s\n",
                static_cast<unsigned long long>(seed), packets,
                std::chrono::duration<double>(steady_clock::now() - began).count());
    verdict("messages cut in the line", noise.cuts, "at least", packets / 40,
            noise.cuts >= packets / 40);
    verdict("bursts of bytes added between messages", noise.bursts, "at least", packets / 40,
            noise.bursts >= packets / 40);
    verdict("connections, reboots apart", counters.connections, "at least", kBreaksEach + 1,
            counters.connections >= kBreaksEach + 1);
    verdict("reboots noticed", counters.packets.reboots, "exactly", kBreaksEach,
            counters.packets.reboots == kBreaksEach);
    verdict("packets that left the radio whole", radio.left_whole().size(), "at least",
            packets * 9 / 10, radio.left_whole().size() >= packets * 9 / 10);
    verdict("lost of those", lost, "exactly", 0, lost == 0);
    verdict("invented, altered or heard twice", books.invented_, "exactly", 0,
            books.invented_ == 0);
    verdict("own packets that the radio took", taken.size(), "exactly", packets / 10,
            taken.size() == packets / 10);
    verdict("own packets said to have failed", books.refused_, "exactly", 0, books.refused_ == 0);
    std::printf(
        "      %llu bytes added, %llu lost, %llu skipped by the client; %llu packets said "
        "again\n",
        static_cast<unsigned long long>(noise.added_bytes),
        static_cast<unsigned long long>(noise.lost_bytes),
        static_cast<unsigned long long>(counters.frames.skipped),
        static_cast<unsigned long long>(counters.packets.again));
    return g_failed == 0 ? 0 : 1;
}
