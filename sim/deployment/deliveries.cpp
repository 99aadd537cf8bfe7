#include "sim/deployment/deliveries.hpp"

#include <utility>

namespace compot::deployment {

std::uint32_t Deliveries::said(const Said& what, Time at) {
    Kind& kind = kinds_[what.port];
    ++kind.messages;
    kind.bytes += what.bytes;
    if (what.to) {
        ++direct_.messages;
    } else {
        all_.wanted += what.others;
        kind.reached.wanted += what.others;
        if (what.view != nullptr) {
            for (std::size_t i = 0; i < kRings; ++i) rings_[i].wanted += what.view->in_ring[i];
            for (std::size_t i = 0; i < kBins; ++i) bins_[i].wanted += what.view->in_bin[i];
        }
    }
    live_.push_back({what, at, false, {}});
    return first_ + static_cast<std::uint32_t>(live_.size()) - 1;
}

Deliveries::Message* Deliveries::find(std::uint32_t id) {
    if (id < first_ || id - first_ >= live_.size()) return nullptr;
    return &live_[id - first_];
}

void Deliveries::delivered(std::uint32_t id, std::uint32_t origin, std::uint32_t who, Time at) {
    Message* message = find(id);
    if (message == nullptr || message->what.origin != origin || who == origin || who >= nodes_)
        return;
    const Said& what = message->what;
    if (what.to && *what.to != who) return;
    if (message->got.empty()) message->got.resize(nodes_);
    if (message->got[who]) return;
    message->got[who] = true;
    if (what.to) {
        ++direct_.delivered;
        return;
    }
    ++all_.delivered;
    ++kinds_[what.port].reached.delivered;
    delays_.add(at - message->at);
    // Who had no power when it was said was not expected to get it, even if it does.
    if (what.view == nullptr || !what.view->sees(who)) return;
    ++rings_[what.view->ring(who)].delivered;
    ++bins_[what.view->bin(who)].delivered;
    ring_delays_[what.view->ring(who)].add(at - message->at);
}

void Deliveries::acknowledged(std::uint32_t id) {
    Message* message = find(id);
    if (message == nullptr || !message->what.to || message->acknowledged) return;
    message->acknowledged = true;
    ++direct_.acknowledged;
}

void Deliveries::given_up(std::uint32_t id) {
    const Message* message = find(id);
    if (message != nullptr && message->what.to) ++direct_.given_up;
}

void Deliveries::at_gateway(std::uint32_t id) {
    const Message* message = find(id);
    if (message != nullptr) ++kinds_[message->what.port].heard_at_gateway;
}

void Deliveries::forget(Time before) {
    while (!live_.empty() && live_.front().at < before) {
        live_.pop_front();
        ++first_;
    }
}

std::uint32_t Deliveries::port_of(std::uint32_t id) const {
    if (id < first_ || id - first_ >= live_.size()) return 0;
    return live_[id - first_].what.port;
}

}  // namespace compot::deployment
