#include "radio/radio.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/self.hpp"

namespace compot::radio {

Radio::Self::Self(std::shared_ptr<const Settings> settings_in, Identity identity_in,
                  Random random_in, std::shared_ptr<Names> names)
    : settings(std::move(settings_in)),
      random(random_in),
      name(short_name(identity_in.self)),
      mode(settings->event_build ? RebroadcastMode::CorePortnumsOnly
                                 : policy::effective_mode(identity_in)),
      mac(settings->modem),
      history(settings->history_capacity, name, std::move(names)),
      identity(std::move(identity_in)),
      peers(settings->peers_capacity),
      next_counter(random.next32()) {
    COMPOT_CHECK(!settings->channels.empty());
    // Spread, so that a mesh that is switched on together does not speak together.
    if (identity.introduction.has_value()) {
        introducing = Introducing{};
        introducing->at = Time{Duration{random.below(60'000'000)}};
    }
}

void Radio::Self::handle(const Event& event, Time now, Effects& out) {
    if (const auto* received = std::get_if<Received>(&event)) {
        receive(*received, now, out);
    } else if (const auto* bridged = std::get_if<Bridged>(&event)) {
        take_bridged(*bridged, now, out);
    } else if (const auto* failed = std::get_if<ReceptionFailed>(&event)) {
        ++counters.failed;
        mac.heard(failed->airtime, now, random);
    } else if (const auto* checked = std::get_if<ChannelChecked>(&event)) {
        for (const Waiting& item : mac.checked(checked->state, now, random)) transmit(item, out);
    } else if (const auto* submitted = std::get_if<Submit>(&event)) {
        submit(submitted->packet, now, out);
    } else if (std::holds_alternative<Introduce>(event)) {
        introduce_on_demand(now, out);
    } else if (std::holds_alternative<TransmitDone>(event)) {
        postpone(on_air_id, Duration{on_air_us});
        mac.sent(Duration{on_air_us}, now, random);
    } else {
        send_again(now, out);
        introduce_when_due(now, out);
        if (mac.due(now)) out.emplace_back(CheckChannel{});
    }
}

Time Radio::Self::wake_at() const {
    Time at = mac.wake_at();
    if (introducing.has_value()) at = std::min({at, introducing->at, introducing->asks_at});
    for (const Pending& each : pending) at = std::min(at, each.next);
    return at;
}

Radio::Radio(std::shared_ptr<const Settings> settings, const Identity& identity, Random random,
             std::shared_ptr<Names> names)
    : self_(std::make_unique<Self>(std::move(settings), identity, random, std::move(names))) {}

void Radio::Self::look_ahead() const { history.look_ahead(); }

void Radio::change_settings(std::shared_ptr<const Settings> settings) {
    COMPOT_CHECK(!settings->channels.empty());
    self_->settings = std::move(settings);
}

Radio::Radio(Radio&&) noexcept = default;
Radio& Radio::operator=(Radio&&) noexcept = default;
Radio::~Radio() = default;

void Radio::handle(const Event& event, Time now, Effects& out) { self_->handle(event, now, out); }

Time Radio::wake_at() const { return self_->wake_at(); }

void Radio::look_ahead(bool far) const {
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kLines = (sizeof(Self) + kLine - 1) / kLine;
    if (!far) return self_->look_ahead();
    const auto* const first = reinterpret_cast<const char*>(self_.get());
    for (std::size_t line = 0; line < kLines; ++line) __builtin_prefetch(first + line * kLine, 1);
}

void Radio::learn_key(NodeId id, const crypto::Key& exchange_public) {
    self_->peers.learn_key(id, exchange_public);
}

std::optional<crypto::Key> Radio::key_of(NodeId id) const {
    const crypto::Key* const key = self_->peers.key(id);
    return key == nullptr ? std::nullopt : std::optional<crypto::Key>(*key);
}

std::uint8_t Radio::next_hop_to(NodeId id, Time now) const {
    return self_->route_to(id, kNoHop, now);
}

const Identity& Radio::identity() const { return self_->identity; }

const std::shared_ptr<const Settings>& Radio::settings() const { return self_->settings; }

Verdict Radio::verdict() const { return self_->verdict; }

const Counters& Radio::counters() const { return self_->counters; }

std::size_t Radio::queue_size() const { return self_->mac.queue().size(); }

std::uint16_t Radio::busy_permille(Time now) const { return self_->mac.log().busy_permille(now); }

std::uint16_t Radio::duty_permille(Time now) const { return self_->mac.log().duty_permille(now); }

}  // namespace compot::radio
