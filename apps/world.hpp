#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "edge/scene/classifier.hpp"
#include "host/web/control.hpp"
#include "observe/feed.hpp"
#include "radio/packet.hpp"

/// Something that happens event by event, a simulation or a recording, as the runner sees it. It
/// knows its own time and nothing of wall clocks, threads or pages.

namespace compot::apps {

struct Ending {
    bool finished = false;  ///< the story has its outcome; the world may still go on
    std::string outcome;
    std::string reason;
};

class World {
public:
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    virtual ~World() = default;

    [[nodiscard]] virtual observe::World label() const = 0;
    [[nodiscard]] virtual Time now() const = 0;
    /// When the next event is due; kNever when there is none left.
    [[nodiscard]] virtual Time next_at() const = 0;
    /// Lets one event happen. REQUIRES: next_at() != kNever.
    virtual void step() = 0;
    [[nodiscard]] virtual Ending ending() const = 0;

    /// From its beginning to `to`: everything up to and including it has happened. What does not
    /// show any more then need not be told.
    virtual void skip_to(Time to) {
        while (next_at() <= to && next_at() != kNever) step();
    }

    /// Why nobody may do this with such a world, whatever its state, in a sentence; empty where it
    /// can be done. A page offers nothing else.
    [[nodiscard]] virtual std::string refuses(web::Control::Do) const { return ""; }

    /// Somebody in it makes facts of pictures that people hand in.
    [[nodiscard]] virtual bool takes_pictures() const { return false; }

    /// Drop, Revive, Put, Remove or Cancel; an empty sentence is success.
    virtual std::string control(const web::Control& control) = 0;
    /// A classified picture of a tile for the edge node; an empty sentence is success.
    virtual std::string show(learn::Cell at, const scene::Image& image,
                             const scene::Scene& scene) = 0;
    /// One decision for the body of a node that runs elsewhere; an empty sentence is success.
    virtual std::string act(NodeId node, learn::Action action) = 0;

    /// What happens when, of a world that knows its whole course: the JSON of /api/timeline.
    [[nodiscard]] virtual std::string timeline() const { return "null"; }

    /// What the registries of its nodes hold, as JSON (observe/registry.hpp).
    [[nodiscard]] virtual std::string registries() const { return "[]"; }

    /// The ledger with its signed bytes, as JSON (doc/ledger.md); empty where there is none.
    [[nodiscard]] virtual std::string signed_ledger() const { return ""; }

    /// A picture for such a node by its body's camera; an empty sentence is success.
    virtual std::string look(NodeId, learn::Action) { return "there is no camera here"; }

    /// A frame into a radio that did not come by air; an empty sentence is success.
    virtual std::string bring(NodeId, BytesView) { return "there is no such radio here"; }

    /// Time passes by itself and can't be held or made to run.
    [[nodiscard]] virtual bool real() const { return false; }

    /// A packet into a radio, as its client would send it; its id, chosen here if 0. ERRORS: one
    /// sentence.
    virtual Result<PacketId, std::string> submit(NodeId radio, const radio::Packet& packet) = 0;

    /// A radio's channels as its client wants them; an empty sentence is success.
    virtual std::string set_channels(NodeId, const std::vector<radio::Channel>&) {
        return "only a simulated radio's channels can be set";
    }
};

/// A fresh world that tells `sink`, which outlives it; without a seed the scenario's own.
/// ERRORS: one sentence.
using MakeWorld = std::function<Result<std::unique_ptr<World>, std::string>(
    std::optional<std::uint64_t> seed, observe::Sink& sink)>;

}  // namespace compot::apps
