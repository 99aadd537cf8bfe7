#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/bridge/site.hpp"
#include "sim/scenario/enrolment.hpp"
#include "sim/simulation.hpp"

/// One site: a simulated mesh with a bridge beside its edge node, which dies and comes back with
/// it.

namespace compot::two_sites {

inline constexpr learn::TileClass kSight = learn::TileClass::Dangerous;

struct PlaceTerms {
    scenario::Scenario scenario;
    std::uint64_t seed = 1;
    std::string edge;
    std::vector<std::string> nodes;  ///< of this site; all others are left out
    bridge::LinkProfile link;
    bool helps = false;
};

class Place final : public bridge::Local, public sim::NodeWatcher {
public:
    explicit Place(const PlaceTerms& terms);

    void run_until(Time now);

    [[nodiscard]] bool alive() const { return site_ != nullptr; }

    void kill();
    void revive();

    /// REQUIRES: alive().
    [[nodiscard]] bridge::Site& site() { return *site_; }

    [[nodiscard]] const sim::Simulation& world() const { return *world_; }

    [[nodiscard]] NodeId id() const { return id_; }

    [[nodiscard]] const PlaceTerms& terms() const { return terms_; }

    /// Somebody here waits for what is on this picture, whatever becomes of the bridge.
    void ask(const bridge::ByteString& jpeg);

    /// What was seen on it, each time that it was told.
    [[nodiscard]] const std::vector<scene::Scene>& sights() const { return sights_; }

    const node::Node& node() const override;
    void learn(const node::Learned& learned) override;
    /// Always the same is seen: kSight.
    void look(bridge::JobId id, const bridge::ByteString& jpeg) override;
    void seen(bridge::JobId id, const std::optional<scene::Scene>& scene) override;
    void told(NodeId node, const node::Event& event, const node::Effects& effects) override;

    /// Of all runs.
    struct Sums {
        std::uint64_t bytes_sent = 0;
        std::uint64_t bytes_priced = 0;
        std::uint64_t executed = 0;
        std::uint64_t looked = 0;
        std::uint64_t stale = 0;
        std::map<bridge::Kind, std::uint64_t> sent;   ///< envelopes
        std::map<bridge::Kind, std::uint64_t> bytes;  ///< of envelopes
    };

    [[nodiscard]] Sums sums() const;

private:
    void start_bridge();

    PlaceTerms terms_;
    NodeId id_;
    node::Config config_;
    std::unique_ptr<sim::Simulation> world_;
    std::unique_ptr<bridge::Site> site_;
    std::map<std::uint16_t, bridge::ByteString> records_;
    bridge::ByteString picture_;  ///< that somebody waits for
    std::vector<scene::Scene> sights_;
    std::uint32_t epoch_ = 0;
    Sums before_;
};

}  // namespace compot::two_sites
