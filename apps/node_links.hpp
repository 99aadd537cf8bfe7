#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/node_setup.hpp"
#include "apps/runner.hpp"
#include "host/body/link.hpp"
#include "host/stream_client/radio.hpp"

/// A daemon's radio and body. What they have to tell goes to the world's thread; what the node
/// wants goes to them; what is wrong with them is said once.

namespace compot::apps {

class NodeLinks final : public Outside, public stream_client::Listener {
public:
    explicit NodeLinks(const NodeSetup& setup) : setup_(setup) {}

    /// Once the world is there. `runner` outlives close().
    void open(Runner& runner, const stream_client::Address& radio,
              const std::optional<stream_client::Address>& body);
    void close();

    /// Why the daemon can't go on; empty while it can.
    [[nodiscard]] std::string fatal() const;

    void send(const radio::Packet& packet) override;
    void act(learn::Action action) override;
    void complain(const std::string& sentence) override;

    void news(const stream_client::News& news) override;
    void trouble(const std::string& sentence) override;

private:
    void radio_ready();
    [[nodiscard]] std::string unfit(const stream_client::RadioFacts& facts,
                                    std::uint8_t& channel) const;
    void heard_line(const std::string& line);

    NodeSetup setup_;
    Runner* runner_ = nullptr;
    std::unique_ptr<stream_client::Radio> radio_;  // of the world's thread, as body_
    std::unique_ptr<body::Mind> body_;
    std::vector<radio::Packet> early_;  ///< said before the radio was known

    mutable std::mutex mutex_;  // guards what follows
    std::string complained_;
    std::string fatal_;
};

}  // namespace compot::apps
