#include "core/ledger/ledger.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::ledger {
namespace {

constexpr std::uint8_t kRoundsWithGapMax = 3;

bool before(const Entry& entry, NodeId author, std::uint16_t sequence) {
    return entry.author < author || (entry.author == author && entry.sequence < sequence);
}

}  // namespace

std::size_t Ledger::place_of(NodeId author, std::uint16_t sequence) const {
    std::size_t place = 0;
    while (place < entries_.size() && before(entries_[place], author, sequence)) ++place;
    return place;
}

const Entry* Ledger::at(NodeId author, std::uint16_t sequence) const {
    const std::size_t place = place_of(author, sequence);
    if (place == entries_.size()) return nullptr;
    const Entry& entry = entries_[place];
    return entry.author == author && entry.sequence == sequence ? &entry : nullptr;
}

Ledger::Chain* Ledger::chain_of(NodeId author) {
    for (Chain& chain : chains_)
        if (chain.head.author == author) return &chain;
    return nullptr;
}

Ledger::Chain* Ledger::make_chain(NodeId author) {
    if (Chain* chain = chain_of(author); chain != nullptr) return chain;
    Chain fresh;
    fresh.head.author = author;
    if (!chains_.try_push(fresh)) return nullptr;
    std::size_t place = 0;
    while (chains_[place].head.author < author) ++place;
    std::rotate(chains_.begin() + place, chains_.end() - 1, chains_.end());
    return &chains_[place];
}

bool Ledger::is_waiting(const Entry& entry) const {
    for (const Chain& chain : chains_)
        if (chain.head.author == entry.author) return entry.sequence > chain.head.sequence;
    return true;
}

// The chain with the most entries forgets its oldest. There is always one with two: there are more
// places than heads and waiting entries.
void Ledger::make_room() {
    static_assert(kLedgerEntriesMax > kLedgerAuthorsMax + kLedgerWaitingMax);
    if (!entries_.full()) return;
    std::size_t longest = 0;
    std::size_t longest_at = 0;
    for (std::size_t i = 0; i < entries_.size();) {
        std::size_t length = 0;
        std::size_t next = i;
        for (; next < entries_.size() && entries_[next].author == entries_[i].author; ++next)
            if (!is_waiting(entries_[next])) ++length;
        if (length > longest) {
            longest = length;
            longest_at = i;
        }
        i = next;
    }
    COMPOT_CHECK(longest >= 2);
    entries_.erase(longest_at);
}

void Ledger::insert(const Entry& entry) {
    make_room();
    const std::size_t place = place_of(entry.author, entry.sequence);
    entries_.push(entry);
    std::rotate(entries_.begin() + place, entries_.end() - 1, entries_.end());
}

void Ledger::erase_from(NodeId author, std::uint16_t sequence) {
    const std::size_t place = place_of(author, sequence);
    while (place < entries_.size() && entries_[place].author == author) entries_.erase(place);
}

void Ledger::advance(Chain& chain, const Entry& entry) {
    chain.head.sequence = entry.sequence;
    chain.head.hash = hash(entry);
    chain.rounds_with_gap = 0;
}

void Ledger::promote_waiting(Chain& chain) {
    while (chain.head.sequence < 0xFFFF) {
        const auto next = static_cast<std::uint16_t>(chain.head.sequence + 1);
        const Entry* waiting = at(chain.head.author, next);
        if (waiting == nullptr) return;
        if (waiting->previous != chain.head.hash) {
            // It follows from another entry than ours.
            chain.head.forked = true;
            look_further_back(chain);
            erase_from(chain.head.author, next);
            return;
        }
        advance(chain, *waiting);
    }
}

void Ledger::look_further_back(Chain& chain) {
    const unsigned doubled = chain.step_back == 0 ? 1U : 2U * chain.step_back;
    chain.step_back = static_cast<std::uint16_t>(std::min<unsigned>(doubled, chain.head.sequence));
    chain.stepped_back = true;
}

Result<Entry> Ledger::append(const Signer& self, Kind kind, const Body& body, std::uint32_t order) {
    Chain* chain = make_chain(self.id);
    if (chain == nullptr || chain->head.sequence == 0xFFFF) return Error::NoRoom;
    // Entries of ours that wait came back from others: ours would take the place of one of them.
    erase_from(self.id, static_cast<std::uint16_t>(chain->head.sequence + 1));
    Entry entry;
    entry.author = self.id;
    entry.sequence = static_cast<std::uint16_t>(chain->head.sequence + 1);
    entry.kind = kind;
    entry.previous = chain->head.hash;
    entry.order = order;
    entry.body = body;
    sign(entry, self);
    insert(entry);
    advance(*chain, entry);
    return entry;
}

Result<Merged> Ledger::wait(const Entry& entry) {
    std::size_t waiting = 0;
    for (const Entry& held : entries_)
        if (is_waiting(held)) ++waiting;
    if (waiting == kLedgerWaitingMax) return Error::NotReady;
    if (make_chain(entry.author) == nullptr) return Error::NoRoom;
    insert(entry);
    return Merged::Waiting;
}

// `held` and `entry` are two signed entries for one place.
Result<Merged> Ledger::resolve_fork(Chain& chain, const Entry& held, const Entry& entry) {
    chain.head.forked = true;
    const bool is_first_held =
        at(entry.author, static_cast<std::uint16_t>(entry.sequence - 1)) == nullptr;
    if (held.previous != entry.previous && !is_first_held) {
        look_further_back(chain);
        return Error::NotReady;
    }
    const bool ours_stays = hash(held) < hash(entry);
    if (ours_stays && held.previous != entry.previous) {
        // Ours may be the tail of the losing side: only what lies below can tell.
        look_further_back(chain);
    } else {
        chain.step_back = 0;
    }
    const Entry& loser = ours_stays ? entry : held;
    const auto same = [&loser](const Entry& proof) { return hash(proof) == hash(loser); };
    if (std::none_of(forks_.begin(), forks_.end(), same) && !forks_.full()) forks_.push(loser);
    if (ours_stays) return Merged::ForkLost;
    const bool was_waiting = is_waiting(held);
    erase_from(entry.author, entry.sequence);
    insert(entry);
    if (!was_waiting) advance(chain, entry);
    return Merged::ForkWon;
}

// `entry` belongs below the head, where we hold its successor and not itself.
Result<Merged> Ledger::merge_below(Chain& chain, const Entry& entry) {
    const auto next = static_cast<std::uint16_t>(entry.sequence + 1);
    const Entry* successor = at(entry.author, next);
    COMPOT_CHECK(successor != nullptr);
    const Entry* below = at(entry.author, static_cast<std::uint16_t>(entry.sequence - 1));
    const bool links_down = below == nullptr || hash(*below) == entry.previous;
    if (links_down && successor->previous == hash(entry)) {
        // Of use only while there is room: it would be the first to be forgotten.
        if (entries_.full()) return Error::Stale;
        insert(entry);
        return Merged::Known;
    }
    erase_from(entry.author, next);
    chain.head = Head{entry.author, 0, {}, true};
    chain.step_back = 0;
    for (const Entry& held : entries_)
        if (held.author == entry.author) advance(chain, held);
    const Result<Merged> extended = extend(entry);
    if (!extended.ok()) return extended.error();
    return Merged::ForkWon;
}

// `entry` belongs above the head, or begins a chain.
Result<Merged> Ledger::extend(const Entry& entry) {
    Chain* chain = chain_of(entry.author);
    const unsigned reached = chain == nullptr ? 0U : chain->head.sequence;
    if (entry.sequence > reached + 1) return wait(entry);
    if (chain == nullptr) chain = make_chain(entry.author);
    if (chain == nullptr) return Error::NoRoom;
    if (entry.previous != chain->head.hash) {
        chain->head.forked = true;
        look_further_back(*chain);
        return Error::NotReady;
    }
    insert(entry);
    advance(*chain, entry);
    promote_waiting(*chain);
    return Merged::Added;
}

Result<Merged> Ledger::merge(const Entry& entry, const crypto::Key& author_public) {
    Chain* chain = chain_of(entry.author);
    const Entry* held = at(entry.author, entry.sequence);
    if (held != nullptr && hash(*held) == hash(entry)) return Merged::Known;
    const bool below =
        held == nullptr && chain != nullptr && entry.sequence <= chain->head.sequence;
    if (below && at(entry.author, static_cast<std::uint16_t>(entry.sequence + 1)) == nullptr)
        return Error::Stale;
    if (!verify(entry, author_public)) return Error::Forged;
    if (below) return merge_below(*chain, entry);
    if (held != nullptr) return resolve_fork(*chain, *held, entry);
    return extend(entry);
}

void Ledger::restore(const Entry& entry) {
    Chain* chain = make_chain(entry.author);
    if (chain == nullptr || entry.sequence <= chain->head.sequence) return;
    erase_from(entry.author, entry.sequence);
    insert(entry);
    advance(*chain, entry);
}

void Ledger::end_round() {
    for (Chain& chain : chains_) {
        if (!chain.stepped_back) chain.step_back = 0;
        chain.stepped_back = false;
        const std::size_t place =
            place_of(chain.head.author, static_cast<std::uint16_t>(chain.head.sequence + 1));
        const bool gap = chain.head.sequence < 0xFFFF && place < entries_.size() &&
                         entries_[place].author == chain.head.author;
        if (!gap) {
            chain.rounds_with_gap = 0;
            continue;
        }
        if (++chain.rounds_with_gap < kRoundsWithGapMax) continue;
        advance(chain, entries_[place]);
        promote_waiting(chain);
    }
}

sync::Marks Ledger::marks() const {
    static_assert(kMarksMax >= kLedgerAuthorsMax);
    sync::Marks marks;
    for (const Chain& chain : chains_) {
        const auto told = static_cast<std::uint16_t>(chain.head.sequence - chain.step_back);
        if (chain.head.sequence > 0) marks.push({chain.head.author, told});
    }
    return marks;
}

FixedVector<std::uint8_t, kLedgerEntriesMax> Ledger::missing_against(
    const sync::Marks& theirs, std::uint64_t their_digest) const {
    FixedVector<std::uint8_t, kLedgerEntriesMax> missing;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (entry.sequence > sync::version_of(theirs, entry.author) && !is_waiting(entry))
            missing.push(static_cast<std::uint8_t>(i));
    }
    if (!missing.empty() || their_digest == digest() || sync::any_newer(marks(), theirs))
        return missing;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        const bool last = i + 1 == entries_.size() || entries_[i + 1].author != entry.author ||
                          is_waiting(entries_[i + 1]);
        if (last && !is_waiting(entry)) missing.push(static_cast<std::uint8_t>(i));
    }
    return missing;
}

FixedVector<Head, kLedgerAuthorsMax> Ledger::heads() const {
    FixedVector<Head, kLedgerAuthorsMax> heads;
    for (const Chain& chain : chains_)
        if (chain.head.sequence > 0) heads.push(chain.head);
    return heads;
}

std::uint64_t Ledger::digest() const {
    std::array<std::uint8_t, kLedgerAuthorsMax * 14> buffer{};
    ByteWriter out(buffer);
    for (const Chain& chain : chains_) {
        if (chain.head.sequence == 0) continue;
        out.u32(chain.head.author.value);
        out.u16(chain.head.sequence);
        out.bytes(chain.head.hash);
    }
    return out.size() == 0 ? 0 : crypto::digest64(*out.finish());
}

std::uint32_t Ledger::order_after(std::uint32_t minutes) const {
    std::uint32_t order = minutes << 8U;
    for (const Entry& entry : entries_)
        if (entry.order >= order && entry.order < 0xFFFFFFFF) order = entry.order + 1;
    return order;
}

}  // namespace compot::ledger
