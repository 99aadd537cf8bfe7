#include "core/node/outbox.hpp"

#include <algorithm>

namespace compot::node {

namespace {

Priority priority_of(air::TrafficClass traffic) {
    switch (traffic) {
        case air::TrafficClass::Alert: return Priority::Alert;
        case air::TrafficClass::JobControl: return Priority::Reliable;
        case air::TrafficClass::Housekeeping: return Priority::Default;
        case air::TrafficClass::Bulk: break;
    }
    return Priority::Background;
}

void note(Effects& out, Note::Kind kind, std::uint32_t a, std::uint32_t b) {
    (void)out.try_push(Note{kind, kNoNode, a, b});
}

std::uint32_t type_number(const job::Say& say) {
    return static_cast<std::uint32_t>(profile::type_of(say.message));
}

Send paid(PacketId id, Duration price, air::TrafficClass traffic, BytesView payload) {
    Send effect;
    effect.id = id;
    effect.price = price;
    effect.priority = priority_of(traffic);
    COMPOT_CHECK(effect.payload.assign(payload));
    return effect;
}

}  // namespace

void Outbox::put(const job::Say& say, Time now, Effects& out) {
    const Waiting fresh{say, now + say.after, now + say.after + say.expires_after, false};
    if (say.replaces) {
        for (Waiting& waiting : waiting_) {
            if (type_number(waiting.say) != type_number(say)) continue;
            if (profile::addressee(waiting.say.message) != profile::addressee(say.message))
                continue;
            waiting = fresh;
            return;
        }
    }
    if (waiting_.full()) make_room(out);
    waiting_.push(fresh);
}

void Outbox::make_room(Effects& out) {
    // The least urgent class goes first, and of it what has waited longest.
    std::size_t worst = 0;
    for (std::size_t i = 1; i < waiting_.size(); ++i) {
        if (waiting_[i].say.traffic > waiting_[worst].say.traffic) worst = i;
    }
    note(out, Note::Kind::PurseShort, type_number(waiting_[worst].say), 0);
    waiting_.erase(worst);
}

void Outbox::drop(profile::MessageType type) {
    for (std::size_t i = waiting_.size(); i-- > 0;) {
        if (profile::type_of(waiting_[i].say.message) == type) waiting_.erase(i);
    }
}

void Outbox::overheard(std::size_t payload_bytes, Time now) {
    const auto airtime = air::price(modem_, payload_bytes, 1U + relays_);
    if (airtime.ok()) purse_.overheard(*airtime, now);
}

Duration Outbox::price_of(std::uint8_t hops, std::size_t payload_bytes) const {
    const std::uint32_t transmissions = hops == 0 ? 1U : 1U + relays_;
    const auto price = air::price(modem_, payload_bytes, transmissions);
    COMPOT_CHECK(price.ok());  // the profile keeps every payload below what a frame can hold
    return *price;
}

bool Outbox::send(Waiting& waiting, const profile::Keyring& keys, profile::Session& session,
                  Time now, Effects& out) {
    // Sealed under a preliminary id to learn its size; the id is spent only when it is paid for.
    const auto draft = profile::seal(keys, PacketId{}, waiting.say.message);
    if (!draft.ok())
        return true;  // nobody enrolled by that id: nothing that could be said later either
    const Duration price = price_of(waiting.say.hops, draft->size());
    purse_.refill(now);
    if (!purse_.pay(price, waiting.say.traffic, now)) {
        if (!waiting.noted) {
            note(out, Note::Kind::PurseShort, type_number(waiting.say),
                 static_cast<std::uint32_t>(to_ms(price)));
        }
        waiting.noted = true;
        return false;
    }
    const auto id = session.next_id();
    if (!id.ok()) return true;
    const auto frame = profile::seal(keys, *id, waiting.say.message);
    COMPOT_CHECK(frame.ok());
    Send effect = paid(*id, price, waiting.say.traffic, frame->view());
    effect.hop_limit = waiting.say.hops == job::Say::kHopsDefault ? hop_limit_ : waiting.say.hops;
    effect.kind = static_cast<std::uint8_t>(type_number(waiting.say));
    out.push(effect);
    return true;
}

bool Outbox::tell_people(BytesView text, air::TrafficClass traffic, profile::Session& session,
                         Time now, Effects& out) {
    // As if it were a frame of ours: its port number is a byte shorter, so the price is not below.
    const Duration price = price_of(hop_limit_, text.size());
    if (!purse_.pay(price, traffic, now)) return false;
    const auto id = session.next_id();
    if (!id.ok()) return false;
    Send effect = paid(*id, price, traffic, text);
    effect.portnum = mesh::port::kText;
    effect.hop_limit = hop_limit_;
    out.push(effect);
    return true;
}

void Outbox::flush(const profile::Keyring& keys, profile::Session& session, Time now,
                   Effects& out) {
    for (std::size_t i = 0; i < waiting_.size() && out.size() + 2 < kEffectsMax;) {
        Waiting& waiting = waiting_[i];
        const bool gone = now >= waiting.expires ||
                          (now >= waiting.due && send(waiting, keys, session, now, out));
        if (gone) {
            waiting_.erase(i);
        } else {
            ++i;
        }
    }
}

Time Outbox::wake_at(Time now) {
    Time next = kNever;
    for (const Waiting& waiting : waiting_) {
        Time at = waiting.due;
        if (at <= now) {
            at = std::min(purse_.earliest(price_of(waiting.say.hops, profile::kFrameBytesMax),
                                          waiting.say.traffic, now),
                          waiting.expires);
            // A purse that could pay now for the longest frame has just refused a shorter one only
            // by rounding; look again a little later rather than in a circle.
            at = std::max(at, now + 100ms);
        }
        next = std::min(next, at);
    }
    return next;
}

}  // namespace compot::node
