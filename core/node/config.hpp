#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/air/modem.hpp"
#include "core/air/purse.hpp"
#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/crypto/crypto.hpp"
#include "core/learn/envelope.hpp"
#include "core/learn/facts.hpp"
#include "core/learn/grid.hpp"

/// What a node is born with: who it is, whom it may believe, what it is there for. It comes from an
/// enrolment (a scenario file, or the daemon's key folder) and never from the air.

namespace compot::node {

inline constexpr std::size_t kMembersMax = 16;
inline constexpr std::size_t kSitesMax = 16;

inline constexpr std::size_t kMemberNameMax = 12;
inline constexpr std::uint16_t kSurePermille = 700;  ///< where an enrolment says nothing else

enum class Role : std::uint8_t { Cat = 1, Edge = 2 };

/// A node of the swarm as the enrolment names it.
struct Member {
    NodeId id;
    Role role = Role::Cat;
    crypto::Key exchange_public{};
    crypto::Key signing_public{};
    bool publishes_facts = false;  ///< its signed facts lift safety rules
    /// What people call it; zeros follow a shorter name.
    std::array<char, kMemberNameMax> name{'A', ' ', 'c', 'a', 't'};

    /// Of a longer name the beginning is kept, in whole letters of UTF-8.
    void call(std::string_view its_name) {
        constexpr unsigned kLead = 0xC0;
        constexpr unsigned kContinues = 0x80;
        std::size_t size = std::min(its_name.size(), name.size());
        while (size > 0 && size < its_name.size() &&
               (static_cast<unsigned char>(its_name[size]) & kLead) == kContinues)
            --size;
        name.fill('\0');
        std::copy_n(its_name.begin(), size, name.begin());
    }
};

/// What a Cat does besides walking its policy.
struct Duties {
    bool works = false;                  ///< visits the mission's sites by its policy
    bool streams_telemetry = false;      ///< sends environmental summaries
    NodeId holds_batches_for = kNoNode;  ///< buffers sensor batches while that node is blocked
    bool patrols = false;                ///< drives between the mission's waypoints (edge)
    bool classifies = false;             ///< has a camera and a bench to classify scenes on
    bool has_backhaul = false;
};

/// What an edge node computes with, for its capability record. A Cat says nothing of it.
struct Bench {
    std::uint16_t capabilities = 0;  ///< registry::kAccelerator, cores and memory
    FixedVector<std::uint32_t, kRecordModelsMax> models;  ///< ids of its backends, ascending
};

struct Timing {
    Duration beacon_min = 5s;     ///< Trickle's I_min
    Duration beacon_max = 120s;   ///< the longest silence
    Duration homing_every = 10s;  ///< zero-hop beacons while help is on its way
    Duration telemetry_every = 60s;
    Duration ask_again{};         ///< retry of an unanswered request; 0: as long as an answer takes
    Duration answer_within = 3s;  ///< answers that several could give are spread over this
    Duration facts_patience = 5min;  ///< facts that nobody asked for are pulled no sooner
    std::uint8_t stuck_decisions = 5;
};

struct Config {
    NodeId self;
    Role role = Role::Cat;
    crypto::Key exchange_secret{};
    crypto::Key signing_seed{};
    crypto::Key channel_key{};                 ///< the group key is derived from it
    FixedVector<Member, kMembersMax> members;  ///< everybody enrolled, this node too
    Duties duties;
    Bench bench;
    FixedVector<learn::Cell, kSitesMax> sites;      ///< a worker's mission, equal on all nodes
    FixedVector<learn::Cell, kSitesMax> waypoints;  ///< of a patrol
    FixedVector<learn::Fact, 32> facts;             ///< known to everybody at enrolment
    /// What facts from the air may open to this device, signed by `authority`. One that names no
    /// device bounds nothing; one that is another's, or whose signature is not good, opens nothing.
    learn::Envelope envelope;
    crypto::Key authority{};
    FixedVector<learn::Fact, 8> known;  ///< a publisher's own: what it has classified before
    std::uint16_t publisher_era = 1;    ///< of the facts that this node signs
    /// What is seen less surely than this is no fact: after three pictures a person is asked.
    std::uint16_t confidence_permille = kSurePermille;
    air::Modem modem;
    air::PurseTerms purse;
    Timing timing;
    std::uint8_t hop_limit = 3;

    /// May a fact be made of what was seen on a tile that a body feels to be occupied? A picture of
    /// nothing is a bad picture then, however sure.
    [[nodiscard]] bool convinced_by(learn::TileClass what, std::uint16_t permille) const {
        return what != learn::TileClass::Clear && permille >= confidence_permille;
    }
};

}  // namespace compot::node
