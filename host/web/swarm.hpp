#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/learn/grid.hpp"
#include "edge/scene/classifier.hpp"
#include "host/web/control.hpp"
#include "observe/feed.hpp"

/// What the web server asks of whoever runs a swarm, simulated, recorded or real. Every function
/// may be called from any thread and returns soon: a world that is busy answers later, through
/// `done`.

namespace compot::web {

class Swarm {
public:
    virtual ~Swarm() = default;

    [[nodiscard]] virtual observe::Feed::Reader reader(std::optional<std::uint64_t> resume,
                                                       const std::string& run) = 0;
    /// Null while there is nothing new.
    [[nodiscard]] virtual observe::Message next(observe::Feed::Reader& reader) = 0;

    enum class List : std::uint8_t { Nodes, Jobs, Ledger, Packets, Timeline };
    [[nodiscard]] virtual std::string list(List which) = 0;
    [[nodiscard]] virtual Time now() = 0;

    /// What the registries of its nodes hold, as of now: {"t":T,"records":[...]}. Called once, from
    /// any thread; nothing where the world is too busy to say.
    using Told = std::function<void(const std::string& json)>;
    virtual void registries(Told told) = 0;
    /// As registries(): the ledger with its signed bytes (doc/ledger.md); nothing where there is
    /// none, too.
    virtual void signed_ledger(Told told) = 0;

    /// An empty sentence is success. Called once, from any thread.
    using Done = std::function<void(std::string error)>;
    virtual void control(const Control& control, Done done) = 0;

    /// A picture of a tile that somebody handed in and what was seen on it: for the edge node to
    /// make facts of, if it can.
    virtual void show(learn::Cell at, const scene::Image& image, const scene::Scene& scene,
                      Done done) = 0;
};

}  // namespace compot::web
