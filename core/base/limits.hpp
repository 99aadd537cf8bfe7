#pragma once

#include <cstddef>
#include <cstdint>

/// Every capacity of the core in one place; doc/limits.md says what is dropped when each is full.
/// A number here costs RAM on a Cat: the whole node has 32 kB.

namespace compot {

// learn: facts
inline constexpr std::size_t kFactPublishersMax = 3;  ///< trusted edge nodes whose facts count
inline constexpr std::size_t kFactsPerDeltaMax = 12;  ///< so that a signed delta fits one frame
inline constexpr std::size_t kEvidenceMax = 16;       ///< signed deltas kept to pass on
inline constexpr std::size_t kQuestionsMax = 4;       ///< tiles that a person was asked about
inline constexpr std::size_t kKeptOutMax = 2;         ///< deltas beyond our safety envelope
// learn: policy
inline constexpr std::size_t kMissionSitesMax = 16;  ///< bits of the mask of what remains
inline constexpr std::size_t kMissionTakenMax = 8;   ///< movable objects already pushed aside
inline constexpr std::size_t kTransitionsMax = 8;    ///< 5 bits each in an assist request
inline constexpr std::uint16_t kSweepsMax = 257;     ///< no path on 256 tiles needs more

// registry
inline constexpr std::size_t kRegistryMax = 32;     ///< capability records
inline constexpr std::size_t kRecordModelsMax = 4;  ///< model ids in one record

// ledger
inline constexpr std::size_t kLedgerEntriesMax = 40;  ///< signed entries held, all authors together
inline constexpr std::size_t kLedgerAuthorsMax = 16;
inline constexpr std::size_t kLedgerWaitingMax = 8;  ///< entries that came before their predecessor
inline constexpr std::size_t kLedgerForksMax = 2;    ///< entries kept as proof of a fork
inline constexpr std::size_t kLedgerBodyBytesMax = 32;

// sync
inline constexpr std::size_t kMarksMax = 32;  ///< owners in one "this is what I have"
inline constexpr std::size_t kExchangeQueueMax =
    24;  ///< items that wait to be sent to who lacks them

}  // namespace compot
