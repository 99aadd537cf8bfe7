#include "apps/client_bridge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/region.hpp"
#include "core/mesh/client.hpp"

namespace compot::apps {

namespace {

client_api::Peer peer_of(const observe::NodeCard& card) {
    client_api::Peer peer;
    peer.id = card.id;
    peer.name = card.name;
    peer.battery_percent = static_cast<std::uint8_t>(card.battery_permille.value_or(0) / 10);
    peer.busy_permille = card.busy_permille.value_or(0);
    return peer;
}

/// How `card`'s node hears another; null when it does not.
const observe::Neighbour* neighbour(const observe::NodeCard& card, NodeId id) {
    if (!card.neighbours) return nullptr;
    const auto found = std::find_if(card.neighbours->begin(), card.neighbours->end(),
                                    [id](const observe::Neighbour& near) { return near.id == id; });
    return found != card.neighbours->end() ? &*found : nullptr;
}

}  // namespace

void ClientBridge::attach(sim::Simulation& world) {
    {
        const std::lock_guard lock(mutex_);
        const auto& scenario = world.scenario();
        common_.channel_name = world.channel().name;
        common_.channel_key.assign(world.channel().key.begin(), world.channel().key.end());
        common_.preset = scenario.preset;
        common_.region = region_at(scenario.air.frequency_khz);
        common_.hop_limit = scenario.hop_limit;
        cards_.clear();
        met_.clear();
        order_.clear();
        for (const sim::Unit& unit : world.units()) {
            order_.push_back(unit.id());
            cards_[unit.id()].id = unit.id();
            cards_[unit.id()].name = unit.plan.name;
        }
        // A radio remembers them when its world begins anew.
        for (const auto& [radio, channels] : channels_) (void)world.set_channels(radio, channels);
    }
    world.set_client(this);
    world.add_sink(*this);
}

std::vector<std::pair<NodeId, std::string>> ClientBridge::radios() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<NodeId, std::string>> radios;
    for (const NodeId id : order_) radios.emplace_back(id, cards_.at(id).name);
    return radios;
}

void ClientBridge::connect(Runner& runner, client_api::Server& server) {
    const std::lock_guard lock(mutex_);
    runner_ = &runner;
    server_ = &server;
}

void ClientBridge::disconnect() {
    const std::lock_guard lock(mutex_);
    runner_ = nullptr;
    server_ = nullptr;
}

client_api::Status ClientBridge::status(NodeId radio) {
    const std::lock_guard lock(mutex_);
    client_api::Status status = common_;
    const observe::NodeCard& own = cards_[radio];
    status.self = peer_of(own);
    status.queue_free = static_cast<std::uint8_t>(16 - std::min(own.queue.value_or(0), 16U));
    for (const NodeId id : order_) {
        if (id == radio) continue;
        client_api::Peer peer = peer_of(cards_[id]);
        if (const observe::Neighbour* near = neighbour(own, id)) {
            peer.heard = true;
            peer.snr_cdb = near->snr_cdb;
            peer.heard_at = near->heard;
        }
        status.others.push_back(peer);
    }
    for (const auto& [id, met] : met_[radio]) {
        const auto known = std::find_if(status.others.begin(), status.others.end(),
                                        [id = id](const auto& peer) { return peer.id == id; });
        if (known == status.others.end() || met.via_mqtt) {
            client_api::Peer& peer =
                known == status.others.end() ? status.others.emplace_back() : *known;
            peer.id = id;
            if (!met.name.empty()) peer.name = met.name;
            if (peer.name.empty()) peer.name = fmt::format("!{:08x}", id.value);
            peer.heard = true;
            peer.heard_at = met.heard;
            peer.via_mqtt = met.via_mqtt;
        }
    }
    return status;
}

void ClientBridge::submit(NodeId radio, const radio::Packet& packet,
                          std::function<void(client_api::Submitted)> done) {
    Runner* runner = nullptr;
    {
        const std::lock_guard lock(mutex_);
        runner = runner_;
    }
    const bool posted = runner != nullptr && runner->post([radio, packet, done](World& world) {
        const auto id = world.submit(radio, packet);
        done({id ? *id : packet.id, id.ok()});
    });
    if (!posted) done({packet.id, false});
}

void ClientBridge::meet(NodeId at, const radio::Packet& packet) {
    auto& all = met_[at];
    if (all.size() >= kMetMax && !all.contains(packet.from)) return;
    Met& met = all[packet.from];
    met.heard = common_.now;
    met.via_mqtt = packet.via_mqtt;
    if (packet.data.portnum != mesh::port::kNodeInfo) return;
    const auto user = mesh::decode_user(packet.data.payload.view());
    if (user) met.name = &user->long_name[0];
}

void ClientBridge::set_channels(NodeId radio, std::vector<radio::Channel> channels) {
    Runner* runner = nullptr;
    {
        const std::lock_guard lock(mutex_);
        runner = runner_;
        channels_[radio] = channels;
    }
    if (runner == nullptr) return;
    (void)runner->post([radio, channels = std::move(channels)](World& world) {
        (void)world.set_channels(radio, channels);
    });
}

void ClientBridge::delivered(NodeId at, const radio::Packet& packet) {
    const std::lock_guard lock(mutex_);
    meet(at, packet);
    if (server_ != nullptr) server_->deliver(at, packet);
}

void ClientBridge::settled(NodeId at, const radio::Settled& settled) {
    const std::lock_guard lock(mutex_);
    if (server_ != nullptr) server_->settled(at, settled);
}

void ClientBridge::event(observe::Event event) {
    const std::lock_guard lock(mutex_);
    common_.now = event.at;
    if (auto* card = std::get_if<observe::NodeCard>(&event.what))
        cards_[card->id] = std::move(*card);
}

}  // namespace compot::apps
