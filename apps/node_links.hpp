#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/node_bench.hpp"
#include "apps/node_setup.hpp"
#include "apps/node_way.hpp"
#include "apps/runner.hpp"
#include "host/body/link.hpp"
#include "host/body/words.hpp"
#include "host/links/seen.hpp"
#include "host/web/metrics.hpp"

/// A daemon's ways to its mesh, and its body. What they have to tell goes to the world's thread, a
/// packet once whichever way it came first; what the node wants goes to them, a packet by all ways
/// that have the swarm's channel; what is wrong with each is said once.

namespace compot::apps {

class NodeLinks final : public Outside, public WayListener {
public:
    explicit NodeLinks(const NodeSetup& setup) : setup_(setup) {}

    /// Once the world is there. `runner` and `elsewhere` outlive close(). `classifier` is for the
    /// body's camera; either may be null.
    void open(Runner& runner, const std::vector<WayAddress>& ways,
              const mqtt::Credentials& credentials,
              const std::optional<stream_client::Address>& body,
              std::unique_ptr<scene::SceneClassifier> classifier, scene::Elsewhere* elsewhere);
    void close();

    /// Why the daemon can't go on; empty while it can.
    [[nodiscard]] std::string fatal() const;

    /// What the links have counted. From any thread between open() and close().
    void measure(web::Metrics& metrics) const;

    void send(const radio::Packet& packet) override;
    void act(learn::Action action) override;
    void look(learn::Action way) override;
    void complain(const std::string& sentence) override;

    void told(Way& way, const std::string& sentence) override;
    void heard(Way& way, const radio::Packet& packet) override;
    void unfit(Way& way, const std::string& sentence) override;

    /// Between open() and close().
    [[nodiscard]] const std::vector<std::unique_ptr<Way>>& ways() const { return ways_; }

private:
    void heard_line(const std::string& line);
    void look_at(body::Picture picture);
    void say(const std::string& about, const std::string& sentence);

    NodeSetup setup_;
    Runner* runner_ = nullptr;
    std::vector<std::unique_ptr<Way>> ways_;  // of the world's thread, as body_
    std::unique_ptr<Bench> bench_;
    std::unique_ptr<body::Mind> body_;
    std::vector<radio::Packet> early_;  ///< said before there were ways

    mutable std::mutex mutex_;  // guards what follows
    links::Seen seen_;
    std::map<std::string, std::string> complained_;  ///< the last about each
    std::size_t fit_ = 0;                            ///< ways that are not known to be unfit
    std::string fatal_;
};

}  // namespace compot::apps
