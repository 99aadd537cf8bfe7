#include "core/profile/session.hpp"

#include <algorithm>

namespace compot::profile {

namespace {
constexpr std::uint32_t kSequences = 1U << 20U;
constexpr std::uint16_t kEpochs = 1U << 12U;
constexpr std::uint32_t kWindow = 64;
// A peer that never answers (gone, or out of reach in one direction) must not make us ask for ever.
constexpr std::uint8_t kSeeksPerBoot = 6;
}  // namespace

Session::Peer* Session::find(NodeId id) {
    auto* found = std::find_if(peers_.begin(), peers_.end(),
                               [id](const Peer& peer) { return peer.id == id; });
    return found == peers_.end() ? nullptr : found;
}

const Session::Peer* Session::find(NodeId id) const { return const_cast<Session*>(this)->find(id); }

Session::Peer* Session::find_or_add(NodeId id) {
    if (Peer* known = find(id)) return known;
    if (!keys_->knows(id) || peers_.full()) return nullptr;
    Peer fresh;
    fresh.id = id;
    peers_.push(fresh);
    return &peers_.back();
}

void Session::restore_floor(NodeId peer, std::uint16_t epoch) {
    if (Peer* known = find_or_add(peer)) known->floor_epoch = std::max(known->floor_epoch, epoch);
}

void Session::boot(std::uint16_t epoch, std::uint32_t nonce) {
    epoch_ = epoch;
    nonce_ = nonce;
    sequence_ = 0;
}

compot::Result<PacketId> Session::next_id() {
    // Sequence 0 stays unused: packet id 0 means "none" to Meshtastic.
    if (sequence_ + 1 >= kSequences || epoch_ >= kEpochs) return Error::NoRoom;
    return make_packet_id(epoch_, ++sequence_);
}

bool Session::pass_window(Peer& peer, std::uint32_t id) {
    if (id > peer.highest) {
        const std::uint32_t step = id - peer.highest;
        peer.seen = step >= kWindow ? 0 : peer.seen << step;
        peer.seen |= 1;
        peer.highest = id;
        return true;
    }
    const std::uint32_t age = peer.highest - id;
    if (age >= kWindow || ((peer.seen >> age) & 1U) != 0) return false;
    peer.seen |= std::uint64_t{1} << age;
    return true;
}

bool Session::echoes_us(const Echoes& echoes) const {
    return std::find(echoes.begin(), echoes.end(), nonce_) != echoes.end();
}

void Session::place(Peer& peer, PacketId id) {
    peer.heard = true;
    peer.placed = true;
    peer.epoch = id.epoch();
    peer.floor_epoch = id.epoch();
    peer.seeks_left = 0;
    // Whatever is not above it may have been recorded before it proved to be live.
    peer.highest = std::max(id.value, peer.answered);
    peer.seen = ~std::uint64_t{0};
}

bool Session::hear_echoes(NodeId from, PacketId id, const Echoes& echoes) {
    Peer* peer = find_or_add(from);
    if (peer == nullptr || !echoes_us(echoes) || id.epoch() < peer->floor_epoch) return false;
    if (peer->placed && id.epoch() <= peer->epoch) return false;
    const bool raises_floor = id.epoch() > peer->floor_epoch;
    if (!peer->heard || id.epoch() != peer->epoch) peer->nonce = 0;
    place(*peer, id);
    peer->highest = std::max(id.value - 1, peer->answered);
    return raises_floor;
}

compot::Result<Session::BeaconVerdict> Session::hear_beacon(NodeId from, PacketId id,
                                                            const Beacon& beacon) {
    Peer* peer = find_or_add(from);
    if (peer == nullptr) return Error::Unknown;
    if (id.epoch() < peer->floor_epoch || (peer->heard && id.epoch() < peer->epoch))
        return Error::Stale;

    BeaconVerdict verdict;
    const bool new_boot = !peer->heard || id.epoch() > peer->epoch;
    const bool answers_us = echoes_us(beacon.echoes);
    if (new_boot && peer->placed && !answers_us) {
        // A placed peer keeps its place until the new boot has answered: a recorded beacon of a
        // boot that we never heard must not push a live peer out.
        if (peer->nonce != beacon.boot_nonce) peer->seeks_left = kSeeksPerBoot;
        verdict.owes_echo = true;
        peer->owes_echo = true;
        peer->nonce = beacon.boot_nonce;
        return verdict;
    }
    if (!peer->placed || new_boot) {
        if (new_boot || beacon.boot_nonce != peer->nonce) {
            peer->owes_echo = true;
            verdict.owes_echo = true;
        }
        peer->heard = true;
        peer->epoch = id.epoch();
        peer->nonce = beacon.boot_nonce;
        if (new_boot) peer->seeks_left = kSeeksPerBoot;
        if (beacon.seeks_echo) peer->owes_echo = verdict.owes_echo = true;
        if (!answers_us) return verdict;
        verdict.newly_placed = id.epoch() > peer->floor_epoch;
        place(*peer, id);
        return verdict;
    }
    if (!pass_window(*peer, id.value)) return Error::Stale;
    // Placed by a request, it has not told its nonce until now.
    const bool told_now = peer->nonce == 0;
    if (told_now) peer->nonce = beacon.boot_nonce;
    if (beacon.seeks_echo || told_now) peer->owes_echo = verdict.owes_echo = true;
    return verdict;
}

Status Session::accept(NodeId from, PacketId id, bool answers_us) {
    Peer* peer = find_or_add(from);
    if (peer == nullptr) return Error::Unknown;
    if (id.epoch() < peer->floor_epoch) return Error::Stale;
    if (peer->placed && id.epoch() == peer->epoch)
        return pass_window(*peer, id.value) ? Status{} : Status{Error::Stale};
    if (peer->placed && id.epoch() < peer->epoch) return Error::Stale;
    if (!answers_us) return Error::NotReady;
    if (id.value <= peer->answered) return Error::Stale;
    peer->answered = id.value;
    return {};
}

void Session::seek(NodeId id) {
    Peer* peer = find_or_add(id);
    if (peer != nullptr && peer->seeks_left == 0) peer->seeks_left = 1;
}

bool Session::take_seek() {
    bool any = false;
    for (Peer& peer : peers_) {
        if (peer.seeks_left == 0) continue;
        --peer.seeks_left;
        any = true;
    }
    return any;
}

bool Session::seeking() const {
    return std::any_of(peers_.begin(), peers_.end(),
                       [](const Peer& peer) { return peer.seeks_left > 0; });
}

void Session::take_echoes(Echoes& out) {
    for (Peer& peer : peers_) {
        if (!peer.owes_echo) continue;
        if (!out.try_push(peer.nonce)) return;
        peer.owes_echo = false;
    }
}

bool Session::owes_echoes() const {
    return std::any_of(peers_.begin(), peers_.end(),
                       [](const Peer& peer) { return peer.owes_echo; });
}

bool Session::placed(NodeId peer) const {
    const Peer* known = find(peer);
    return known != nullptr && known->placed;
}

std::uint16_t Session::floor(NodeId peer) const {
    const Peer* known = find(peer);
    return known == nullptr ? 0 : known->floor_epoch;
}

}  // namespace compot::profile
