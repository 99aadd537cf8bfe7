#pragma once

#include <mutex>

#include "host/client_api/mesh.hpp"

/// For tests: a mesh that takes every packet and remembers it.

namespace compot::client_api {

class FakeMesh final : public Mesh {
public:
    Status status(NodeId radio) override {
        Status status;
        status.self = {radio, "Beta", 87, 125, 0, false, {}};
        status.others = {{NodeId{0xA1}, "Alpha", 90, 0, 550, true, Time{3s}},
                         {NodeId{0xC0}, "Compot", 100, 0, -1025, true, Time{4s}}};
        status.channel_name = "swarm";
        status.channel_key.assign(32, 7);
        status.preset = air::Preset::ShortFast;
        status.region = 3;
        status.now = Time{5s};
        return status;
    }

    void submit(NodeId, const radio::Packet& packet, std::function<void(Submitted)> done) override {
        const std::lock_guard lock(mutex);
        packets.push_back(packet);
        done({packet.id, true});
    }

    void set_channels(NodeId, std::vector<radio::Channel> set) override {
        const std::lock_guard lock(mutex);
        channels = std::move(set);
    }

    std::mutex mutex;
    std::vector<radio::Channel> channels;
    std::vector<radio::Packet> packets;
};

}  // namespace compot::client_api
