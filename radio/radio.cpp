#include "radio/radio.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/self.hpp"

namespace compot::radio {

Radio::Self::Self(std::shared_ptr<const Settings> settings_in, const Identity& identity_in,
                  Random random_in)
    : settings(std::move(settings_in)),
      identity(identity_in),
      random(random_in),
      name(short_name(identity_in.self)),
      mac(settings->modem, identity_in.role == Role::Router),
      history(settings->history_capacity),
      next_counter(random.next32()) {
    COMPOT_CHECK(!settings->channels.empty());
}

void Radio::Self::handle(const Event& event, Time now, Effects& out) {
    if (const auto* received = std::get_if<Received>(&event)) {
        receive(*received, now, out);
    } else if (const auto* failed = std::get_if<ReceptionFailed>(&event)) {
        ++counters.failed;
        mac.heard(failed->airtime, now, random);
    } else if (const auto* checked = std::get_if<ChannelChecked>(&event)) {
        std::unique_ptr<Waiting> item = mac.checked(checked->state, now, random);
        if (item != nullptr) transmit(std::move(item), out);
    } else if (const auto* submitted = std::get_if<Submit>(&event)) {
        submit(submitted->packet, now, out);
    } else if (std::holds_alternative<TransmitDone>(event)) {
        postpone(on_air);
        mac.sent(on_air, now, random);
    } else {
        send_again(now, out);
        if (mac.due(now)) out.emplace_back(CheckChannel{});
    }
}

Time Radio::Self::wake_at() const {
    Time at = mac.wake_at();
    for (const Pending& each : pending) at = std::min(at, each.next);
    return at;
}

Radio::Radio(std::shared_ptr<const Settings> settings, const Identity& identity, Random random)
    : self_(std::make_unique<Self>(std::move(settings), identity, random)) {}

Radio::Radio(Radio&&) noexcept = default;
Radio& Radio::operator=(Radio&&) noexcept = default;
Radio::~Radio() = default;

void Radio::handle(const Event& event, Time now, Effects& out) { self_->handle(event, now, out); }

Time Radio::wake_at() const { return self_->wake_at(); }

const Identity& Radio::identity() const { return self_->identity; }

Verdict Radio::verdict() const { return self_->verdict; }

const Counters& Radio::counters() const { return self_->counters; }

std::size_t Radio::queue_size() const { return self_->mac.queue().size(); }

std::uint16_t Radio::busy_permille(Time now) const { return self_->mac.log().busy_permille(now); }

std::uint16_t Radio::duty_permille(Time now) const { return self_->mac.log().duty_permille(now); }

}  // namespace compot::radio
