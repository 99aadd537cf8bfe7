#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/base/random.hpp"
#include "core/node/node.hpp"
#include "core/profile/frame.hpp"
#include "host/client_api/server.hpp"
#include "sim/scenario/enrolment.hpp"

/// The world of a daemon that is killed again and again: its radio, at a TCP port, and another node
/// of its swarm, whose ledger grows and whose frames are real. It remembers what the daemon has
/// said, and at the end prints what of it was taken back. Usage: killed_swarm SCENARIO DAEMON OTHER

namespace {

using namespace compot;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t kEntriesMost = 30;
constexpr auto kEntryEvery = 4s;

volatile std::sig_atomic_t g_stop = 0;

class Swarm final : public client_api::Mesh {
public:
    Swarm(const node::Config& daemon, node::Config other, const radio::Channel& channel)
        : daemon_(daemon.self),
          config_(std::move(other)),
          channel_(channel),
          keys_(config_.self, config_.channel_key),
          began_(steady_clock::now()) {
        for (const node::Member& member : config_.members) {
            if (member.id != config_.self)
                COMPOT_CHECK(
                    keys_.enrol(member.id, config_.exchange_secret, member.exchange_public));
        }
        prepare_entries();
        boot();
    }

    void connect(client_api::Server& server) { server_ = &server; }

    // --- The daemon's radio

    client_api::Status status(NodeId) override {
        client_api::Status status;
        status.self.id = daemon_;
        status.self.name = "radio";
        status.channel_name = channel_.name;
        status.channel_key.assign(channel_.key.begin(), channel_.key.end());
        return status;
    }

    void submit(NodeId, const radio::Packet& packet,
                std::function<void(client_api::Submitted)> done) override {
        {
            const std::lock_guard lock(mutex_);
            remember(packet);
            node::Heard heard;
            heard.from = daemon_;
            heard.id = packet.id;
            heard.payload = packet.data.payload.view();
            tell(heard);
        }
        done({packet.id, true});
    }

    // --- The other node

    void turn() {
        const std::lock_guard lock(mutex_);
        if (node_->wake_at() <= now()) tell(node::Woke{});
        if (steady_clock::now() < entry_due_) return;
        known_ = std::min(known_ + 1, entries_.size());
        boot();
    }

    void report() {
        const std::lock_guard lock(mutex_);
        std::printf(
            "{\"frames\": %zu, \"boots\": %zu, \"ids_reused\": %u, \"epochs_back\": %u, "
            "\"entries\": %zu, \"entries_told\": %zu, \"tellings\": %u, \"forgotten\": %u, "
            "\"unreadable\": %u}\n",
            said_.size(), epochs_.size(), reused_, back_, known_, told_, tellings_, forgotten_,
            unreadable_);
    }

private:
    [[nodiscard]] Time now() const {
        return Time{std::chrono::duration_cast<Duration>(steady_clock::now() - began_)};
    }

    void prepare_entries() {
        const node::Member* self = nullptr;
        for (const node::Member& member : config_.members)
            if (member.id == config_.self) self = &member;
        COMPOT_CHECK(self != nullptr);
        const ledger::Signer signer{config_.self, config_.signing_seed, self->signing_public};
        ledger::Ledger ledger;
        digests_[0] = 0;
        for (std::size_t i = 1; i <= kEntriesMost; ++i) {
            ledger::OutcomeBody body;
            body.nonce = static_cast<std::uint32_t>(i);
            const auto entry = ledger.append(signer, ledger::Kind::Outcome,
                                             ledger::write_body(body), ledger.order_after(0));
            COMPOT_CHECK(entry.ok());
            const auto bytes = ledger::encode(*entry);
            entries_.emplace_back(bytes.begin(), bytes.end());
            digests_[static_cast<std::uint32_t>(ledger.digest())] = i;
        }
    }

    /// With one more entry in its storage than before; a new boot is news for the daemon's records,
    /// too.
    void boot() {
        entry_due_ = steady_clock::now() + kEntryEvery;
        node_ = std::make_unique<node::Node>(config_);
        for (const auto& [key, value] : stored_) {
            if (key < kLedgerRecords) tell(node::Restored{key, value});
        }
        for (std::size_t i = 0; i < known_; ++i)
            tell(node::Restored{static_cast<std::uint16_t>(kLedgerRecords + i), entries_[i]});
        tell(node::Booted{mix64(boots_++)});
    }

    void tell(const node::Event& event) {
        node::Effects effects;
        node_->handle(event, now(), effects);
        for (const node::Effect& effect : effects) {
            if (const auto* kept = std::get_if<node::Persist>(&effect))
                stored_[kept->key].assign(kept->value.begin(), kept->value.end());
            const auto* send = std::get_if<node::Send>(&effect);
            if (send == nullptr || server_ == nullptr) continue;
            radio::Packet packet;
            packet.from = config_.self;
            packet.to = kBroadcast;
            packet.id = send->id;
            packet.data.portnum = send->portnum;
            COMPOT_CHECK(packet.data.payload.assign(send->payload.view()));
            server_->deliver(daemon_, packet);
        }
    }

    void remember(const radio::Packet& packet) {
        const auto payload = packet.data.payload.view();
        const auto [before, first] = said_.emplace(packet.id.value, crypto::digest64(payload));
        if (!first && before->second != crypto::digest64(payload)) ++reused_;
        const std::uint32_t epoch = packet.id.value >> 20U;
        if (!epochs_.empty() && epoch < *epochs_.rbegin()) ++back_;
        epochs_.insert(epoch);
        const auto opened = profile::open(keys_, daemon_, packet.id, payload);
        if (!opened) {
            // What is for a third node alone can't be read by us.
            if (opened.error() != Error::Refused) ++unreadable_;
            return;
        }
        if (const auto* beacon = std::get_if<profile::Beacon>(&opened->message))
            look(beacon->ledger_digest);
        if (const auto* heads = std::get_if<profile::LedgerHeads>(&opened->message))
            look(static_cast<std::uint32_t>(heads->digest));
    }

    /// How many entries the daemon says it has: never fewer than it has said before.
    void look(std::uint32_t digest) {
        const auto found = digests_.find(digest);
        if (found == digests_.end()) return;
        ++tellings_;
        if (found->second < told_) ++forgotten_;
        told_ = std::max(told_, found->second);
    }

    static constexpr std::uint16_t kLedgerRecords = 0x0300;

    std::mutex mutex_;
    NodeId daemon_;
    node::Config config_;
    radio::Channel channel_;
    profile::Keyring keys_;
    steady_clock::time_point began_;
    steady_clock::time_point entry_due_;
    client_api::Server* server_ = nullptr;
    std::unique_ptr<node::Node> node_;
    std::map<std::uint16_t, std::vector<std::uint8_t>> stored_;
    std::vector<std::vector<std::uint8_t>> entries_;
    std::map<std::uint32_t, std::size_t> digests_;  ///< low halves, to how many entries it is of
    std::size_t known_ = 1;
    std::uint64_t boots_ = 1;
    std::map<std::uint32_t, std::uint64_t> said_;  ///< digests of payloads by packet id
    std::set<std::uint32_t> epochs_;
    std::size_t told_ = 0;
    unsigned tellings_ = 0;
    unsigned forgotten_ = 0;
    unsigned reused_ = 0;
    unsigned back_ = 0;
    unsigned unreadable_ = 0;
};

int fail(const std::string& sentence) {
    std::fprintf(stderr, "killed_swarm: %s\n", sentence.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return fail("usage: killed_swarm SCENARIO DAEMON OTHER");
    const auto scenario = scenario::load(argv[1], {});
    if (!scenario) return fail(scenario.error().sentence);
    const auto daemon = scenario->node_named(argv[2]);
    const auto other = scenario->node_named(argv[3]);
    if (!daemon || !other) return fail("no such node");
    const auto enrolment = scenario::enrol(*scenario);
    const NodeId radio = enrolment.nodes[*daemon].self;
    Swarm swarm(enrolment.nodes[*daemon], enrolment.nodes[*other], enrolment.channel);
    auto server = client_api::Server::start(swarm, {radio}, 0);
    if (!server) return fail(server.error());
    swarm.connect(**server);
    std::printf("%u\n", unsigned{(*server)->port(radio)});
    std::fflush(stdout);
    std::signal(SIGTERM, [](int) { g_stop = 1; });
    while (g_stop == 0) {
        swarm.turn();
        std::this_thread::sleep_for(5ms);
    }
    swarm.report();
    return 0;
}
