#include "edge/patch/zones.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "core/base/bytes.hpp"

namespace compot::patch {

namespace {

using bundle::Zone;

/// How each byte of the new image differs from what it is copied from.
struct Difference {
    std::vector<std::int8_t> by;
    std::vector<bool> copied;  ///< from the old image
};

Difference differences(BytesView old_image, BytesView new_image, const Pieces& pieces) {
    Difference made{std::vector<std::int8_t>(new_image.size()),
                    std::vector<bool>(new_image.size())};
    for (const Piece& piece : pieces) {
        for (std::uint32_t i = 0; i < piece.length; ++i) {
            if (piece.from + i >= old_image.size()) break;
            const std::size_t at = piece.new_start + i;
            made.by[at] = static_cast<std::int8_t>(
                static_cast<std::uint8_t>(new_image[at] - old_image[piece.from + i]));
            made.copied[at] = true;
        }
    }
    return made;
}

struct Shape {
    std::uint32_t rows, columns, channels;
};

/// The tables of one layer of doc/net-format.md at the front of `in`, and the shape that it makes.
std::optional<Shape> read_layer(ByteReader& in, std::size_t base, std::size_t whole,
                                const Shape& from, std::vector<Zone>& tables) {
    const std::uint32_t kind = in.u8();
    const std::uint32_t rows = in.u8();
    const std::uint32_t columns = in.u8();
    const std::uint32_t stride = in.u8();
    const bool pads = in.u8() != 0;
    const std::uint32_t outputs = in.u16();
    static_cast<void>(in.take(3));
    if (in.failed() || kind == 0 || kind > 4 || rows == 0 || columns == 0 || stride == 0)
        return std::nullopt;
    if (!pads && (rows > from.rows || columns > from.columns)) return std::nullopt;
    const auto places = [&](std::uint32_t size, std::uint32_t kernel) {
        return pads ? (size + stride - 1) / stride : (size - kernel) / stride + 1;
    };
    const Shape out{places(from.rows, rows), places(from.columns, columns), outputs};
    if (kind > 2) return out;
    constexpr std::uint32_t kScaleBytes = 9;
    const std::uint32_t taps = rows * columns * (kind == 1 ? from.channels : 1);
    const auto at = static_cast<std::uint32_t>(base + whole - in.rest().size());
    static_cast<void>(in.take(std::size_t{kScaleBytes} * outputs));
    static_cast<void>(in.take(std::size_t{taps} * outputs));
    if (in.failed() || outputs == 0) return std::nullopt;
    tables.push_back({at, kScaleBytes * outputs, kScaleBytes, 1});
    const std::uint32_t row = kind == 1 ? taps : outputs;
    tables.push_back({at + kScaleBytes * outputs, taps * outputs, std::min(row, Zone::kRowMax), 1});
    return out;
}

std::vector<Zone> read_net(BytesView image, std::size_t start) {
    const BytesView bytes = image.subspan(start);
    ByteReader in(bytes);
    static_cast<void>(in.take(4));
    Shape shape{in.u16(), in.u16(), in.u16()};
    static_cast<void>(in.take(5));
    const std::size_t layers = in.u8();
    std::vector<Zone> tables;
    for (std::size_t i = 0; i < layers; ++i) {
        const auto next = read_layer(in, start, bytes.size(), shape, tables);
        if (!next) return {};
        shape = *next;
    }
    return tables;
}

/// The row length whose columns tell most about how much each byte changed; 1 if none tells much.
std::uint32_t row_of(const Difference& difference, const Zone& zone) {
    constexpr std::uint32_t kLookMax = 1U << 16U;
    constexpr std::uint32_t kRowMin = 8;
    constexpr std::uint32_t kRowMax = 1024;
    std::vector<float> size(std::min(zone.length, kLookMax));
    for (std::size_t i = 0; i < size.size(); ++i)
        size[i] = std::log2(1.0F + std::abs(static_cast<float>(difference.by[zone.start + i])));
    const auto count = static_cast<float>(size.size());
    const float mean = std::accumulate(size.begin(), size.end(), 0.0F) / count;
    float spread = 0;
    for (float& value : size) {
        value -= mean;
        spread += value * value / count;
    }
    std::uint32_t best = 1;
    float most = 0;
    for (std::uint32_t row = kRowMin; row <= std::min<std::uint32_t>(kRowMax, zone.length / 4);
         ++row) {
        std::vector<float> sums(row);
        for (std::size_t i = 0; i < size.size(); ++i) sums[i % row] += size[i];
        float told = 0;
        for (const float sum : sums) told += sum * sum * static_cast<float>(row) / count;
        // By chance each column tells as much as one byte varies.
        const float chance = static_cast<float>(row) + 5 * std::sqrt(2 * static_cast<float>(row));
        const float gain = told / std::max(spread, 1e-6F) - chance;
        if (gain <= most) continue;
        most = gain;
        best = row;
    }
    return best;
}

/// What all differences of a zone are multiples of; 0 if there are none.
std::uint32_t step_of(const Difference& difference, const Zone& zone) {
    std::uint32_t step = 0;
    for (std::uint32_t i = 0; i < zone.length; ++i) {
        const int by = difference.by[zone.start + i];
        step = std::gcd(step, static_cast<std::uint32_t>(std::abs(by)));
    }
    return step > Zone::kStepMax ? step / 2 : step;
}

bool overlap(const Zone& a, const Zone& b) {
    return a.start < b.start + b.length && b.start < a.start + a.length;
}

}  // namespace

std::vector<Zone> find_nets(BytesView image) {
    constexpr std::array<std::uint8_t, 4> kMagic = {'C', 'N', '8', 1};
    std::vector<Zone> found;
    for (auto at = image.begin();; ++at) {
        at = std::search(at, image.end(), kMagic.begin(), kMagic.end());
        if (at == image.end()) return found;
        const auto tables = read_net(image, static_cast<std::size_t>(at - image.begin()));
        if (!found.empty() && !tables.empty() && overlap(found.back(), tables.front())) continue;
        found.insert(found.end(), tables.begin(), tables.end());
    }
}

std::vector<Zone> find_tuned(BytesView old_image, BytesView new_image, const Pieces& pieces,
                             const std::vector<Zone>& nets) {
    constexpr std::uint32_t kBlock = 64;
    constexpr int kChanged = 6;            // of a block, to count as tuned
    constexpr std::uint32_t kBridge = 16;  // blocks without changes inside a zone
    const Difference difference = differences(old_image, new_image, pieces);
    std::vector<Zone> found;
    for (std::uint32_t start = 0; start + kBlock <= new_image.size(); start += kBlock) {
        const auto begin = difference.by.begin() + start;
        if (std::count(begin, begin + kBlock, 0) > static_cast<int>(kBlock) - kChanged) continue;
        if (!found.empty() &&
            start - (found.back().start + found.back().length) <= kBridge * kBlock) {
            found.back().length = start + kBlock - found.back().start;
        } else {
            found.push_back({start, kBlock, 1, 1});
        }
    }
    std::erase_if(found, [&](const Zone& zone) {
        return zone.length < 4 * kBlock ||
               std::any_of(nets.begin(), nets.end(),
                           [&](const Zone& net) { return overlap(zone, net); });
    });
    for (Zone& zone : found) zone.row = row_of(difference, zone);
    return found;
}

std::vector<Zone> find_strange(BytesView new_image, const Pieces& pieces) {
    constexpr std::uint32_t kLeast = 4096;
    std::vector<Zone> found;
    std::uint32_t end = 0;
    const auto close = [&](std::uint32_t at) {
        if (at - end >= kLeast) found.push_back({end, at - end, 1, 0});
    };
    for (const Piece& piece : pieces) {
        if (piece.length < 64) continue;  // a phrase by chance
        close(piece.new_start);
        end = piece.new_start + piece.length;
    }
    close(static_cast<std::uint32_t>(new_image.size()));
    return found;
}

bundle::Zones arranged(BytesView old_image, BytesView new_image, const Pieces& pieces,
                       const std::vector<Zone>& nets, const std::vector<Zone>& others) {
    const Difference difference = differences(old_image, new_image, pieces);
    std::vector<Zone> all;
    for (Zone zone : nets) {
        zone.step = step_of(difference, zone);
        if (zone.step != 0) all.push_back(zone);
    }
    for (Zone zone : others) {
        const auto clashes = [&](const Zone& other) { return overlap(zone, other); };
        if (std::any_of(nets.begin(), nets.end(), clashes) ||
            std::any_of(all.begin(), all.end(), clashes))
            continue;
        if (zone.step != 0) {
            zone.step = step_of(difference, zone);
            if (zone.step == 0) continue;
        }
        all.push_back(zone);
    }
    std::sort(all.begin(), all.end(),
              [](const Zone& a, const Zone& b) { return a.length > b.length; });
    if (all.size() > bundle::kZonesMax) all.resize(bundle::kZonesMax);
    std::sort(all.begin(), all.end(),
              [](const Zone& a, const Zone& b) { return a.start < b.start; });
    bundle::Zones zones;
    for (const Zone& zone : all) zones.push(zone);
    return zones;
}

}  // namespace compot::patch
