#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/base/random.hpp"
#include "core/crypto/crypto.hpp"
#include "core/mesh/stream.hpp"
#include "host/client_api/server.hpp"
#include "host/stream_client/radio.hpp"

/// Promise: 200 of our clients at 200 of our radios, each on a TCP connection of its own, at real
/// time: every frame is counted on both sides, none is lost, doubled or changed, and memory stays
/// as it was. And our client understands what a real radio answered.
/// Usage: two_hundred_radios [SECONDS [RADIOS [SEED]]]

namespace {

using namespace compot;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t kHearersEach = 3;  ///< radios that hear each packet
constexpr auto kEach = 2s;               ///< between two packets of one client
constexpr auto kPatience = 30s;
constexpr std::uint64_t kGrowthMaxKb = 4096;

/// Who sent it and the how-manieth it is, then bytes that depend on both, with a digest of them.
radio::Packet numbered(std::uint32_t from, std::uint32_t number) {
    Random random(from, number, 200);
    radio::Packet packet;
    packet.to = kBroadcast;
    packet.id = PacketId{from << 20U | number};
    packet.data.portnum = mesh::port::kPrivate;
    auto& payload = packet.data.payload;
    payload.resize(8 + random.below(200));
    for (std::size_t i = 8; i < payload.size(); ++i)
        payload[i] = static_cast<std::uint8_t>(random.next32());
    if (payload.size() > 40) {
        payload[20] = 0x94;  // what begins a frame, in the middle of one
        payload[21] = 0xC3;
    }
    const std::uint64_t digest = crypto::digest64(payload.view().subspan(8)) ^ packet.id.value;
    for (std::size_t i = 0; i < 8; ++i) payload[i] = static_cast<std::uint8_t>(digest >> (8 * i));
    return packet;
}

/// Radios whose air loses nothing: a packet is heard by the next ones of the circle.
class Circle final : public client_api::Mesh {
public:
    explicit Circle(std::uint32_t radios) : radios_(radios) {}

    void connect(client_api::Server& server) { server_ = &server; }

    client_api::Status status(NodeId radio) override {
        client_api::Status status;
        status.self.id = radio;
        status.self.name = "radio";
        status.channel_name = "circle";
        status.channel_key.assign(32, 9);
        return status;
    }

    void submit(NodeId radio, const radio::Packet& packet,
                std::function<void(client_api::Submitted)> done) override {
        ++submitted;
        done({packet.id, true});
        radio::Packet heard = packet;
        heard.from = radio;
        for (std::uint32_t i = 1; i <= kHearersEach; ++i) {
            server_->deliver(NodeId{(radio.value - 1 + i) % radios_ + 1}, heard);
            ++delivered;
        }
    }

    std::atomic<std::uint64_t> submitted{0};
    std::atomic<std::uint64_t> delivered{0};

private:
    std::uint32_t radios_;
    client_api::Server* server_ = nullptr;
};

/// What all clients have been told; of each sender and hearer only the last number is kept.
struct Books {
    std::atomic<std::uint64_t> ready{0};
    std::atomic<std::uint64_t> heard{0};
    std::atomic<std::uint64_t> taken{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> wrong{0};  ///< changed, doubled, or one before it is missing
    std::atomic<std::uint64_t> troubles{0};
};

class Listener final : public stream_client::Listener {
public:
    Listener(Books& books, std::uint32_t self, std::uint32_t radios)
        : books_(books), self_(self), radios_(radios) {}

    void news(const stream_client::News& news) override {
        if (std::holds_alternative<stream_client::Ready>(news)) ++books_.ready;
        if (const auto* taken = std::get_if<stream_client::Taken>(&news))
            ++(taken->error == mesh::RoutingError::NoError ? books_.taken : books_.refused);
        if (const auto* heard = std::get_if<stream_client::Heard>(&news)) hear(heard->packet);
    }

    void trouble(const std::string& sentence) override {
        ++books_.troubles;
        std::printf("trouble: %s\n", sentence.c_str());
    }

private:
    void hear(const radio::Packet& packet) {
        ++books_.heard;
        const std::uint32_t away = (self_ + radios_ - packet.from.value) % radios_;
        const bool expected = away >= 1 && away <= kHearersEach;
        std::uint32_t& last = last_.at(expected ? away - 1 : 0);
        const radio::Packet wanted = numbered(packet.from.value, last + 1);
        const bool same =
            expected && packet.id == wanted.id && packet.data.payload == wanted.data.payload;
        if (!same) ++books_.wrong;
        last = packet.id.value & 0xFFFFFU;
    }

    Books& books_;
    std::uint32_t self_;
    std::uint32_t radios_;
    std::array<std::uint32_t, kHearersEach> last_{};
};

std::uint64_t resident_kb() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("VmRSS:", 0) == 0) return std::stoull(line.substr(6));
    }
    return 0;
}

template <typename Done>
bool wait_until(Done done) {
    const auto until = steady_clock::now() + kPatience;
    while (!done() && steady_clock::now() < until) std::this_thread::sleep_for(20ms);
    return done();
}

int g_failed = 0;

void verdict(const std::string& what, std::uint64_t figure, const char* words,
             std::uint64_t threshold, bool good) {
    std::printf("%s: %llu (%s %llu): %s\n", what.c_str(), static_cast<unsigned long long>(figure),
                words, static_cast<unsigned long long>(threshold), good ? "pass" : "FAIL");
    if (!good) ++g_failed;
}

void exactly(const std::string& what, std::uint64_t figure, std::uint64_t wanted) {
    verdict(what, figure, "exactly", wanted, figure == wanted);
}

std::vector<std::uint8_t> from_hex(const std::string& hex) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

/// What a real radio answered to a client that wants its configuration, in pieces of any length.
void recorded(std::uint64_t seed) {
    std::ifstream file("vectors/handshake.json");
    const auto exchanges = nlohmann::json::parse(file);
    for (const auto& exchange : exchanges) {
        if (exchange["nonce"] != 69420) continue;  // the one nonce that our client chooses, too
        std::vector<std::uint8_t> stream;
        std::uint64_t frames = 0;
        for (const auto& frame : exchange["frames"]) {
            const auto payload = from_hex(frame["hex"].get<std::string>());
            const auto framed = mesh::frame_stream(payload);
            stream.insert(stream.end(), framed->begin(), framed->end());
            ++frames;
        }
        std::uint64_t complete = 0;
        std::uint64_t understood = 0;
        constexpr std::uint64_t kTimes = 200;
        for (std::uint64_t turn = 0; turn < kTimes; ++turn) {
            Random random(seed, turn, 1);
            stream_client::Terms terms;
            terms.wants_nodes = false;
            terms.seed = turn;
            stream_client::Client client(terms);
            client.connected(Time{});
            for (std::size_t at = 0; at < stream.size();) {
                const std::size_t bytes =
                    std::min<std::size_t>(1 + random.below(400), stream.size() - at);
                client.hear(BytesView{stream}.subspan(at, bytes), Time{});
                at += bytes;
            }
            if (client.ready() && client.facts().channels.size() == 1) ++complete;
            understood += client.frames().frames;
        }
        exactly("recorded handshakes of a real radio, complete for our client", complete, kTimes);
        exactly("frames of them", understood, kTimes * frames);
    }
}

void live(std::chrono::seconds duration, std::uint32_t radios) {
    Circle circle(radios);
    std::vector<NodeId> ids;
    for (std::uint32_t i = 1; i <= radios; ++i) ids.push_back(NodeId{i});
    auto server = client_api::Server::start(circle, ids, 0);
    if (!server) {
        std::printf("the radios: %s: FAIL\n", server.error().c_str());
        ++g_failed;
        return;
    }
    circle.connect(**server);
    Books books;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::vector<std::unique_ptr<stream_client::Radio>> clients;
    for (const NodeId id : ids) {
        stream_client::Address address;
        address.place = "127.0.0.1";
        address.port = (*server)->port(id);
        stream_client::Terms terms;
        terms.seed = id.value;
        listeners.push_back(std::make_unique<Listener>(books, id.value, radios));
        clients.push_back(
            std::make_unique<stream_client::Radio>(address, terms, *listeners.back()));
    }
    wait_until([&] { return books.ready == radios; });
    exactly("clients that know their radio", books.ready, radios);

    // Each client sends in its own moment of every round.
    const auto began = steady_clock::now();
    const auto slot = std::chrono::duration_cast<std::chrono::microseconds>(kEach) / radios;
    const auto warm = began + duration / 4;
    std::uint64_t warm_kb = 0;
    std::uint64_t sent = 0;
    while (steady_clock::now() < began + duration) {
        const auto which = static_cast<std::uint32_t>(sent % radios);
        const auto number = static_cast<std::uint32_t>(sent / radios + 1);
        clients[which]->send(numbered(which + 1, number));
        ++sent;
        if (warm_kb == 0 && steady_clock::now() >= warm) warm_kb = resident_kb();
        std::this_thread::sleep_until(began + slot * sent);
    }
    const std::uint64_t end_kb = resident_kb();
    wait_until([&] { return books.taken == sent && books.heard == circle.delivered; });
    std::this_thread::sleep_for(300ms);  // what is too much would come now

    stream_client::Radio::Counters all;
    for (const auto& client : clients) {
        const auto each = client->counters();
        all.packets.sent += each.packets.sent;
        all.packets.again += each.packets.again;
        all.packets.said += each.packets.said;
        all.frames.frames += each.frames.frames;
        all.frames.malformed += each.frames.malformed;
        all.frames.skipped += each.frames.skipped;
        all.connections += each.connections;
    }
    const auto told = (*server)->counters();
    exactly("connections, by the radios", told.connections, radios);
    exactly("connections, by the clients", all.connections, radios);
    exactly("packets into the radios, of those sent", circle.submitted, sent);
    exactly("packets that radios confirmed", books.taken, sent);
    exactly("packets that radios refused", books.refused, 0);
    exactly("packets that were sent again", all.packets.again, 0);
    exactly("packets heard by clients, of those delivered", books.heard, circle.delivered);
    exactly("packets changed, doubled or out of their order", books.wrong, 0);
    exactly("frames heard by radios, of those that clients said", told.heard, all.packets.said);
    exactly("frames heard by clients, of those that radios said", all.frames.frames, told.told);
    exactly("frames not understood, on both sides", told.malformed + all.frames.malformed, 0);
    exactly("packets dropped by radios", told.dropped + told.refused, 0);
    exactly("broken lines", books.troubles, 0);
    const std::uint64_t grown = end_kb > warm_kb ? end_kb - warm_kb : 0;
    verdict("memory grown since the first quarter, kB of " + std::to_string(end_kb), grown,
            "at most", kGrowthMaxKb, grown <= kGrowthMaxKb && warm_kb > 0);
}

}  // namespace

int main(int argc, char** argv) {
    const std::chrono::seconds duration(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20);
    const auto radios =
        static_cast<std::uint32_t>(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200);
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    if (duration.count() == 0 || duration.count() > 4000 || radios < 4 || radios > 1000) {
        std::fprintf(stderr, "usage: two_hundred_radios [SECONDS [RADIOS [SEED]]]\n");
        return 2;
    }
    recorded(seed);
    live(duration, radios);
    return g_failed == 0 ? 0 : 1;
}
