#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "radio/radio.hpp"

/// For tests: a handful of radios on a simple ether. Links have a fixed SNR, a frame reaches every
/// linked radio whole unless another overlaps it there, and everything that happened is kept.

namespace compot::radio {

class Testbed {
public:
    struct Sent {
        std::size_t radio = 0;
        Time at{};
        Header header;
        Frame frame;
        bool relayed = false;
    };

    struct Told {
        std::size_t radio = 0;
        Time at{};
        Effect effect;
    };

    explicit Testbed(Settings settings = default_settings(), std::uint64_t seed = 1)
        : settings_(std::make_shared<const Settings>(std::move(settings))), seed_(seed) {}

    static Settings default_settings() {
        Settings settings;
        settings.channels.push_back(default_channel("LongFast"));
        return settings;
    }

    std::size_t add(NodeId self, Role role = Role::Client) {
        Identity identity;
        identity.self = self;
        identity.role = role;
        return add(identity, settings_);
    }

    std::size_t add(const Identity& identity, std::shared_ptr<const Settings> settings) {
        nodes_.push_back(
            {Radio(std::move(settings), identity, Random(seed_, identity.self.value, 1)),
             false,
             {}});
        return nodes_.size() - 1;
    }

    void link(std::size_t a, std::size_t b, std::int16_t snr_cdb = 500) {
        snr_[{a, b}] = snr_cdb;
        snr_[{b, a}] = snr_cdb;
    }

    void cut(std::size_t a, std::size_t b) {
        snr_.erase({a, b});
        snr_.erase({b, a});
    }

    /// From now on frames that overlap at a receiver arrive all the same.
    void let_overlap() { overlaps_ = true; }

    void introduce(std::size_t node) { handle(node, Introduce{}); }

    void submit(std::size_t node, const Packet& packet) { handle(node, Submit{packet}); }

    /// A frame from outside, as if the modem had received it now.
    void bridge(std::size_t node, const Frame& frame) { handle(node, Bridged{frame.view()}); }

    void inject(std::size_t node, const Frame& frame, std::int16_t snr_cdb = 500) {
        handle(node, Received{frame.view(), -9000, snr_cdb,
                              *air::airtime(settings_->modem, frame.size()), nullptr});
    }

    void run(Duration span) {
        const Time end = now_ + span;
        while (true) {
            std::size_t waking = nodes_.size();
            Time at = events_.empty() ? kNever : events_.begin()->first;
            for (std::size_t i = 0; i < nodes_.size(); ++i) {
                if (nodes_[i].radio.wake_at() < at) {
                    at = nodes_[i].radio.wake_at();
                    waking = i;
                }
            }
            if (at > end) break;
            now_ = std::max(now_, at);
            if (waking < nodes_.size()) {
                handle(waking, Woke{});
                continue;
            }
            const std::function<void()> action = std::move(events_.begin()->second);
            events_.erase(events_.begin());
            action();
        }
        now_ = end;
    }

    [[nodiscard]] Radio& radio(std::size_t node) { return nodes_[node].radio; }

    [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }

    /// Effects other than those of the channel, of one kind and radio.
    template <typename Kind>
    [[nodiscard]] std::vector<Kind> told(std::size_t node) const {
        std::vector<Kind> found;
        for (const Told& each : told_) {
            const auto* effect = std::get_if<Kind>(&each.effect);
            if (each.radio == node && effect != nullptr) found.push_back(*effect);
        }
        return found;
    }

    [[nodiscard]] std::size_t times_sent(PacketId id) const {
        return static_cast<std::size_t>(std::count_if(
            sent_.begin(), sent_.end(), [id](const Sent& each) { return each.header.id == id; }));
    }

    [[nodiscard]] Time now() const { return now_; }

    void forget() {
        sent_.clear();
        told_.clear();
    }

private:
    struct Arrival {
        std::size_t transmitter = 0;
        bool spoilt = false;
    };

    struct Node {
        Radio radio;
        bool transmitting = false;
        std::vector<std::shared_ptr<Arrival>> arrivals;  ///< on air now, in reach
    };

    void handle(std::size_t node, const Event& event) {
        Effects effects;
        nodes_[node].radio.handle(event, now_, effects);
        for (const Effect& effect : effects) {
            if (std::holds_alternative<CheckChannel>(effect)) {
                check(node);
            } else if (const auto* transmit = std::get_if<Transmit>(&effect)) {
                start(node, *transmit);
            } else {
                told_.push_back({node, now_, effect});
            }
        }
    }

    void after(Duration span, std::function<void()> action) {
        events_.emplace(now_ + span, std::move(action));
    }

    void check(std::size_t node) {
        if (!nodes_[node].arrivals.empty()) {
            after(0us,
                  [this, node] { handle(node, ChannelChecked{ChannelChecked::State::Receiving}); });
            return;
        }
        after(2 * air::symbol(settings_->modem), [this, node] {
            const bool active = !nodes_[node].arrivals.empty();
            handle(node, ChannelChecked{active ? ChannelChecked::State::Active
                                               : ChannelChecked::State::Free});
        });
    }

    void start(std::size_t node, const Transmit& transmit) {
        sent_.push_back(
            {node, now_, *decode_header(transmit.frame.view()), transmit.frame, transmit.relayed});
        nodes_[node].transmitting = true;
        for (const auto& arrival : nodes_[node].arrivals) arrival->spoilt = true;
        std::vector<std::pair<std::size_t, std::shared_ptr<Arrival>>> reached;
        for (std::size_t other = 0; other < nodes_.size(); ++other) {
            if (snr_.count({node, other}) == 0) continue;
            auto arrival = std::make_shared<Arrival>(Arrival{node, nodes_[other].transmitting});
            for (const auto& present : nodes_[other].arrivals) {
                present->spoilt = true;
                arrival->spoilt = true;
            }
            nodes_[other].arrivals.push_back(arrival);
            reached.emplace_back(other, std::move(arrival));
        }
        after(transmit.airtime,
              [this, node, transmit, reached] { finish(node, transmit, reached); });
    }

    void finish(std::size_t node, const Transmit& transmit,
                const std::vector<std::pair<std::size_t, std::shared_ptr<Arrival>>>& reached) {
        nodes_[node].transmitting = false;
        for (const auto& each : reached) std::erase(nodes_[each.first].arrivals, each.second);
        handle(node, TransmitDone{});
        for (const auto& each : reached) {
            if (!overlaps_ && (each.second->spoilt || nodes_[each.first].transmitting)) {
                handle(each.first, ReceptionFailed{transmit.airtime});
                continue;
            }
            const auto snr = snr_.find({node, each.first});
            if (snr == snr_.end()) continue;
            handle(each.first,
                   Received{transmit.frame.view(), -9000, snr->second, transmit.airtime, nullptr});
        }
    }

    std::shared_ptr<const Settings> settings_;
    std::uint64_t seed_;
    bool overlaps_ = false;
    Time now_{};
    std::vector<Node> nodes_;
    std::map<std::pair<std::size_t, std::size_t>, std::int16_t> snr_;
    std::multimap<Time, std::function<void()>> events_;
    std::vector<Sent> sent_;
    std::vector<Told> told_;
};

}  // namespace compot::radio
