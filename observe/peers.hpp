#pragma once

#include <string>
#include <vector>

#include "core/profile/message.hpp"
#include "observe/sink.hpp"

/// What one node may know of the others of its swarm, as cards: whom it has heard, how, and what
/// their own frames say of them. It concludes nothing that a frame does not say, and knows no keys:
/// whether a frame is to be believed is its caller's business.

namespace compot::observe {

class Peers {
public:
    /// A node of the swarm as its enrolment names it.
    struct Member {
        NodeId id;
        std::string name;
        std::string role;  ///< "cat" or "compot"
    };

    explicit Peers(const std::vector<Member>& others);

    /// An authentic frame, new to our node. What it says counts only when `hearing.live`. One of a
    /// stranger changes nothing.
    void heard(NodeId from, const Hearing& hearing, const profile::Message& message);

    /// The cards that have changed since the last call; at first all of them.
    [[nodiscard]] std::vector<NodeCard> take_changed();

    /// Whom our own radio has heard without a relay between, by the newest such frame.
    [[nodiscard]] std::vector<Neighbour> neighbours() const;

private:
    struct Peer {
        NodeCard card;
        std::optional<Neighbour> direct;
        bool changed = true;
    };

    std::vector<Peer> peers_;
};

}  // namespace compot::observe
