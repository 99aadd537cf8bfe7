#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"

/// What a node says that it can do. It is not signed: it has no authority, it only helps to choose
/// whom to ask.

namespace compot::registry {

/// Bits of Record::capabilities. Values go on the air.
enum Capability : std::uint16_t {
    kCamera = 1U << 0U,       ///< takes pictures of scenes
    kSceneModel = 1U << 1U,   ///< classifies them
    kBackhaul = 1U << 2U,     ///< reaches a bigger model elsewhere
    kStorage = 1U << 3U,      ///< keeps batches for others
    kMoves = 1U << 4U,        ///< comes near when asked
    kAccelerator = 1U << 5U,  ///< a GPU or its like
};

// In the same field, of a machine that computes for others: its size, rounded down to a power of
// two. Three bits of cores, four of memory, 0 where it says nothing.
inline constexpr unsigned kCoresShift = 6;
inline constexpr std::uint16_t kCoresMost = 7;  ///< 64 cores, or more
inline constexpr unsigned kMemoryShift = 9;
inline constexpr std::uint16_t kMemoryMost = 15;  ///< 2 TiB, or more
inline constexpr std::uint64_t kMemoryUnitBytes = 128ULL << 20U;

/// At least so many cores; 0: not told.
[[nodiscard]] constexpr std::uint32_t cores_of(std::uint16_t capabilities) {
    return (1U << (unsigned{capabilities} >> kCoresShift & kCoresMost)) >> 1U;
}

/// At least so many bytes of memory; 0: not told.
[[nodiscard]] constexpr std::uint64_t memory_of(std::uint16_t capabilities) {
    const std::uint64_t twice = kMemoryUnitBytes
                                << (unsigned{capabilities} >> kMemoryShift & kMemoryMost);
    return twice / 2 < kMemoryUnitBytes ? 0 : twice / 2;
}

struct Record {
    NodeId node;
    std::uint16_t version = 0;  ///< counted up by its owner only, over reboots too; 0 is none
    std::uint8_t role = 0;      ///< node::Role
    std::uint16_t capabilities = 0;
    std::uint8_t battery_percent = 0;  ///< 0..100
    std::uint8_t x = 0;                ///< tile, as of when the record was written
    std::uint8_t y = 0;
    FixedVector<std::uint32_t, kRecordModelsMax> models;  ///< ids of what it can run, ascending
    std::array<std::uint8_t, 8> firmware{};               ///< digest of what it runs

    [[nodiscard]] bool operator==(const Record&) const = default;

    [[nodiscard]] bool can(std::uint16_t wanted) const { return (capabilities & wanted) == wanted; }
};

inline constexpr std::size_t kRecordBytesMax = 21 + 4 * kRecordModelsMax;
using RecordBytes = Bytes<kRecordBytesMax>;

/// REQUIRES: models ascending.
[[nodiscard]] RecordBytes encode(const Record& record);

/// The one record that has these bytes. ERRORS: Truncated, Malformed (no node or version, battery
/// over 100, too many models or not ascending, bytes left over).
[[nodiscard]] Result<Record> parse_record(BytesView bytes);

}  // namespace compot::registry
