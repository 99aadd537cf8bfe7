#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/limits.hpp"
#include "core/ledger/entry.hpp"
#include "core/sync/marks.hpp"

/// What the swarm did, one chain of signed entries for each author, merged in any order. Two
/// ledgers with the same heads are equal, whatever older entries each has had to forget. It does
/// not know who may write (the caller brings the author's enrolled key) and sends nothing.
///
/// An entry whose predecessor is missing waits. An author who signs two entries for one place has
/// forked: everybody keeps the one with the lower hash and what follows from it, marks the author,
/// and keeps the other as proof. When the table is full the oldest entry of the longest chain is
/// forgotten; the head of a chain never is.

namespace compot::ledger {

enum class Merged : std::uint8_t {
    Added,     ///< now part of the chain (waiting successors too)
    Known,     ///< changed nothing
    Waiting,   ///< kept until its predecessor comes
    ForkWon,   ///< it replaced ours and what followed: the author is marked
    ForkLost,  ///< ours stays, the author is marked: tell the sender ours (at())
};

struct Head {
    NodeId author;
    std::uint16_t sequence = 0;
    Hash hash{};
    bool forked = false;
};

class Ledger {
public:
    /// Writes our own next entry. ERRORS: NoRoom (too many authors, or 65535 entries). COST: one
    /// signature. REQUIRES: our own chain was restored after a reboot, or this forks it.
    Result<Entry> append(const Signer& self, Kind kind, const Body& body, std::uint32_t order);

    /// What somebody sent. COST: one signature check unless known. ERRORS, nothing added: Forged,
    /// Stale (older than what is kept of that chain), NoRoom (too many authors), NotReady (no room
    /// to wait, or it belongs to a fork that begins earlier: the next marks() ask for that).
    /// An entry just below what is kept is linked to it when it fits; when it does not, ours is a
    /// tail of a fork whose beginning nobody may have any more, and gives way.
    Result<Merged> merge(const Entry& entry, const crypto::Key& author_public);

    /// An entry out of our own storage: believed, and a chain may begin with it anywhere.
    void restore(const Entry& entry);

    /// A round of asking and answering is over. Gaps that three rounds did not fill are given up:
    /// nobody remembers those entries, so the chain goes on behind them.
    void end_round();

    /// How far we have each chain, for a "this is what I have".
    [[nodiscard]] sync::Marks marks() const;

    /// Indices of the entries to send to one who has `theirs`, by author, oldest first. When the
    /// marks agree and the digests don't, somebody forked: the heads.
    [[nodiscard]] FixedVector<std::uint8_t, kLedgerEntriesMax> missing_against(
        const sync::Marks& theirs, std::uint64_t their_digest) const;

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    /// By author, then sequence; waiting ones too (see Head::sequence).
    [[nodiscard]] const Entry& operator[](std::size_t index) const { return entries_[index]; }

    /// The entry at this place, or null when it is not held.
    [[nodiscard]] const Entry* at(NodeId author, std::uint16_t sequence) const;

    [[nodiscard]] FixedVector<Head, kLedgerAuthorsMax> heads() const;

    /// Over the heads: equal ledgers, equal digests. 0 when empty.
    [[nodiscard]] std::uint64_t digest() const;

    /// An order time later than any held, and not before this minute.
    [[nodiscard]] std::uint32_t order_after(std::uint32_t minutes) const;

    /// Signed entries that lost to another for the same place.
    [[nodiscard]] const FixedVector<Entry, kLedgerForksMax>& forks() const { return forks_; }

private:
    struct Chain {
        Head head;
        std::uint8_t rounds_with_gap = 0;
        std::uint16_t step_back = 0;  ///< marks() ask this far below the head: a fork is earlier
        bool stepped_back = false;    ///< in this round
    };

    [[nodiscard]] Chain* chain_of(NodeId author);
    Chain* make_chain(NodeId author);
    void insert(const Entry& entry);
    void make_room();
    void erase_from(NodeId author, std::uint16_t sequence);
    void advance(Chain& chain, const Entry& entry);
    void promote_waiting(Chain& chain);
    Result<Merged> resolve_fork(Chain& chain, const Entry& held, const Entry& entry);
    Result<Merged> merge_below(Chain& chain, const Entry& entry);
    Result<Merged> extend(const Entry& entry);
    Result<Merged> wait(const Entry& entry);
    void look_further_back(Chain& chain);
    [[nodiscard]] bool is_waiting(const Entry& entry) const;
    [[nodiscard]] std::size_t place_of(NodeId author, std::uint16_t sequence) const;

    FixedVector<Entry, kLedgerEntriesMax> entries_;  ///< ascending by author, then sequence
    FixedVector<Chain, kLedgerAuthorsMax> chains_;   ///< ascending by author
    FixedVector<Entry, kLedgerForksMax> forks_;
};

}  // namespace compot::ledger
