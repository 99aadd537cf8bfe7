#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>

#include "core/node/node.hpp"
#include "observe/sink.hpp"

/// A node's notes and view in the words of a Sink, the same for a simulated and a real node.

namespace compot::observe {

using Words = std::variant<JobStep, LedgerLine, LogLine>;

/// Remembers which job a node is at: most notes about it don't say.
class Notes {
public:
    /// `helps`: it is an edge node, which steps of a job name as the helper.
    [[nodiscard]] Words words(NodeId self, bool helps, const node::Note& note);

private:
    std::map<NodeId, std::pair<std::uint32_t, NodeId>> jobs_;  ///< node -> nonce, other side
};

[[nodiscard]] Mood mood_of(node::View::Mood mood);

void tell(Sink& sink, Time at, const Words& words);

/// What a packet is called that is no frame of ours: "text", "port 67".
[[nodiscard]] std::string kind_of_port(std::uint32_t portnum);

/// What a packet of a node is called: its message's name, or its port's.
[[nodiscard]] std::string kind_of(const node::Send& send);

/// What a node knows of itself; the rest of the card is for whoever holds its body and its radio.
/// `booted` is when its own time began.
void describe(const node::View& view, Time booted, NodeCard& card);

}  // namespace compot::observe
