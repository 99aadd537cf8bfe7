#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/node/effect.hpp"
#include "core/node/node.hpp"
#include "observe/notes.hpp"
#include "observe/sink.hpp"
#include "sim/field/field.hpp"
#include "sim/unit.hpp"

/// Tells the sinks what happens, in their words: notes become steps of jobs and lines of a log,
/// units become cards. Whether anybody listens changes nothing in the world.

namespace compot::sim {

class Onlookers {
public:
    void add(observe::Sink& sink) { sinks_.push_back(&sink); }

    void remove(observe::Sink& sink) { std::erase(sinks_, &sink); }

    [[nodiscard]] bool any() const { return !sinks_.empty(); }

    template <typename Tell>
    void each(Tell tell) const {
        for (observe::Sink* sink : sinks_) tell(*sink);
    }

    /// A unit was touched: its card goes out with the next flush() that is 100 ms after the last.
    void touch(std::size_t unit);
    void flush(const std::vector<Unit>& units, Time now);
    /// All cards now, changed or not: for a sink that has just come.
    void show_all(const std::vector<Unit>& units, Time now);

    void noted(const Unit& unit, const node::Note& note, Time now);
    void thing(const field::Thing& thing, Time now);

    void label(learn::Cell cell, learn::TileClass what) { labels_[cell.index()] = what; }

    void log(NodeId node, const std::string& text, Time now);

private:
    struct Shown {
        bool ever = false;
        Time at{};
        observe::NodeCard card;
        std::uint64_t policy = 0;
    };

    void show(std::size_t index, const Unit& unit, Time now);

    std::vector<observe::Sink*> sinks_;
    std::vector<bool> dirty_;
    std::vector<Shown> shown_;
    std::map<std::uint8_t, learn::TileClass> labels_;  ///< by tile, as the swarm's facts say
    observe::Notes notes_;
};

}  // namespace compot::sim
