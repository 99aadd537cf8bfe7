// How sites come to hold the same: digests first, then how far, then what is lacking.
#include <algorithm>

#include "core/base/bytes.hpp"
#include "core/learn/evidence.hpp"
#include "host/bridge/site.hpp"

namespace compot::bridge {

namespace {

using profile::MessageType;

/// Names of items that a peer was given lately; past this they are forgotten, and one may be given
/// twice.
constexpr std::size_t kGivenMax = 4096;

template <typename Encoded>
Item item(MessageType what, const Encoded& bytes) {
    return {what, ByteString(bytes.begin(), bytes.end())};
}

/// Marks that go equally far, over things that differ all the same: both sides must show theirs.
bool differs_at_heads(const sync::Marks& mine, const sync::Marks& theirs, bool same_digest) {
    return !same_digest && !sync::any_newer(mine, theirs) && !sync::any_newer(theirs, mine);
}

}  // namespace

Heads Site::heads() const {
    const node::Node& node = local_.node();
    auto ids = node.evidence().ids(node.facts());
    std::sort(ids.begin(), ids.end());
    ByteString bytes(ids.size() * 4);
    ByteWriter writer(bytes);
    for (const std::uint32_t id : ids) writer.u32(id);
    return {node.ledger().digest(), node.registry().digest(),
            bytes.empty() ? 0 : crypto::digest64(bytes)};
}

Summary Site::summary(bool last) const {
    const node::Node& node = local_.node();
    Summary summary;
    summary.heads = heads();
    summary.last = last;
    summary.ledger = node.ledger().marks();
    summary.registry = node.registry().marks();
    const auto ids = node.evidence().ids(node.facts());
    summary.facts.assign(ids.begin(), ids.end());
    return summary;
}

void Site::hear_heads(NodeId from, const Heads& heads, Time now) {
    Peer& peer = peers_[from];
    // News is worth a word at once, however long the last one went unanswered.
    if (peer.theirs != heads) {
        peer.pause = terms_.link.again;
        peer.speak_at = kNever;
    }
    peer.theirs = heads;
    compare(from, peer, now);
}

void Site::compare(NodeId from, Peer& peer, Time now) {
    if (!peer.theirs || *peer.theirs == heads()) {
        peer.speak_at = kNever;
        peer.pause = terms_.link.again;
    } else if (peer.speak_at == kNever) {
        const bool yields = terms_.config.self > from;
        peer.speak_at = now + terms_.link.gather + (yields ? terms_.link.yield : Duration{});
    }
}

void Site::tell_heads(Time now) {
    if (now < tell_at_) return;
    const Heads mine = heads();
    tell_at_ = kNever;
    if (told_ == mine) return;
    if (send(Kind::Heads, kNoNode, encode(mine), now)) {
        told_ = mine;
        told_at_ = now;
    } else {
        tell_at_ = short_until_;
    }
}

void Site::tell_peers(Time now) {
    for (auto& [id, peer] : peers_) {
        if (now < peer.speak_at) continue;
        if (send(Kind::Summary, id, encode(summary(false)), now)) {
            peer.speak_at = now + peer.pause;
            peer.pause = std::min(peer.pause * 2, terms_.link.again_most);
        } else {
            peer.speak_at = short_until_;
        }
    }
}

bool Site::lacks_any(const Summary& theirs) const {
    const Summary mine = summary(true);
    const auto lacks = [](const sync::Marks& ours, const sync::Marks& others, bool same) {
        return sync::any_newer(ours, others) || differs_at_heads(ours, others, same);
    };
    const bool facts = std::any_of(theirs.facts.begin(), theirs.facts.end(), [&](std::uint32_t id) {
        return std::find(mine.facts.begin(), mine.facts.end(), id) == mine.facts.end();
    });
    return facts || lacks(mine.ledger, theirs.ledger, mine.heads.ledger == theirs.heads.ledger) ||
           lacks(mine.registry, theirs.registry, mine.heads.registry == theirs.heads.registry);
}

/// Facts first, since somebody may stand still for want of them.
std::vector<Item> Site::lacking(const Summary& theirs) const {
    const node::Node& node = local_.node();
    std::vector<Item> items;
    for (const std::uint8_t index :
         node.evidence().missing_for(node.facts(), {theirs.facts.data(), theirs.facts.size()}))
        items.push_back(item(MessageType::Facts, node.evidence()[index]));
    for (const std::uint8_t index :
         node.ledger().missing_against(theirs.ledger, theirs.heads.ledger))
        items.push_back(item(MessageType::LedgerEntry, ledger::encode(node.ledger()[index])));
    const bool all = differs_at_heads(node.registry().marks(), theirs.registry,
                                      theirs.heads.registry == node.registry().digest());
    for (std::size_t i = 0; i < node.registry().size(); ++i) {
        const registry::Record& record = node.registry()[i].record;
        if (all || record.version > sync::version_of(theirs.registry, record.node))
            items.push_back(item(MessageType::Capability, registry::encode(record)));
    }
    return items;
}

void Site::hear_summary(NodeId from, const Summary& theirs, Time now) {
    Peer& peer = peers_[from];
    peer.theirs = theirs.heads;
    if (theirs.heads == heads()) return;
    give(from, lacking(theirs), now);
    if (!theirs.last && lacks_any(theirs))
        (void)send(Kind::Summary, from, encode(summary(true)), now);
    // The exchange is under way: it gets time before it is begun anew.
    peer.speak_at = now + terms_.link.again;
}

void Site::give(NodeId to, std::vector<Item> items, Time now) {
    Peer& peer = peers_[to];
    if (peer.given.size() > kGivenMax) peer.given.clear();
    Items batch;
    std::size_t bytes = 0;
    const auto flush = [&] {
        if (batch.items.empty()) return true;
        if (!send(Kind::Items, to, encode(batch), now)) return false;
        for (const Item& each : batch.items) peer.given[crypto::digest64(each.bytes)] = now;
        batch.items.clear();
        bytes = 0;
        return true;
    };
    for (Item& each : items) {
        // On its way already, perhaps: the summary may be older than the last batch.
        const auto given = peer.given.find(crypto::digest64(each.bytes));
        if (given != peer.given.end() && now - given->second < terms_.link.again) continue;
        if (bytes + each.bytes.size() > terms_.link.batch_bytes && !flush()) return;
        bytes += each.bytes.size();
        batch.items.push_back(std::move(each));
    }
    (void)flush();
}

void Site::hear_items(const Items& items) {
    for (const Item& each : items.items) {
        ++counters_.learned;
        node::Learned learned;
        learned.what = static_cast<std::uint8_t>(each.what);
        learned.body = each.bytes;
        local_.learn(learned);
    }
}

}  // namespace compot::bridge
