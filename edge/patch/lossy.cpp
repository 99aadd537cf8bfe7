#include "edge/patch/lossy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>

#include "edge/patch/zones.hpp"

namespace compot::patch {

namespace {

using bundle::Zone;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kScaleBytes = 9;  ///< bias, multiplier and shift of a channel
constexpr double kStepMax = 96;

/// How to round.
struct Way {
    double step = 1;             ///< of all layers
    std::vector<double> factor;  ///< of each layer's step
    double dead_zone = 0.5;      ///< in steps

    [[nodiscard]] std::uint32_t step_of(std::size_t layer) const {
        return static_cast<std::uint32_t>(
            std::lround(std::clamp(step * factor[layer], 1.0, kStepMax)));
    }
};

std::int32_t read_word(const Bytes& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    return static_cast<std::int32_t>(value);
}

void write_word(Bytes& bytes, std::size_t at, std::int32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> (8 * i));
}

/// Rounds what changed between two nets.
class Rounder {
public:
    Rounder(BytesView old_net, BytesView new_net, const std::vector<Zone>& tables)
        : old_(old_net.begin(), old_net.end()),
          new_(new_net.begin(), new_net.end()),
          tables_(tables) {}

    [[nodiscard]] std::size_t layers() const { return tables_.size() / 2; }

    [[nodiscard]] Bytes rounded(const Way& way) const {
        Bytes net = new_;
        for (std::size_t layer = 0; layer < layers(); ++layer) {
            round_biases(net, tables_[2 * layer]);
            round_weights(net, tables_[2 * layer + 1], way.step_of(layer), way.dead_zone);
        }
        return net;
    }

private:
    void round_weights(Bytes& net, const Zone& table, std::uint32_t step, double dead_zone) const {
        const auto size = static_cast<int>(step);
        for (std::size_t at = table.start; at < table.start + table.length; ++at) {
            const int from = static_cast<std::int8_t>(old_[at]);
            const int change = static_cast<std::int8_t>(new_[at]) - from;
            int steps = static_cast<int>(std::lround(std::abs(change) / static_cast<double>(size)));
            if (std::abs(change) < dead_zone * size) steps = 0;
            const int way = change < 0 ? -1 : 1;
            while (steps > 0 && (steps * size > 127 || std::abs(from + way * steps * size) > 127))
                --steps;
            net[at] = static_cast<std::uint8_t>(from + way * steps * size);
        }
    }

    /// A change of a bias below half of what shows in the output is none; the lowest byte stays as
    /// it is where it does not show.
    void round_biases(Bytes& net, const Zone& table) const {
        for (std::size_t at = table.start; at < table.start + table.length; at += kScaleBytes) {
            const std::int32_t multiplier = read_word(new_, at + 4);
            const int shift = static_cast<std::int8_t>(new_[at + 8]);
            if (multiplier <= 0) continue;
            const double shows = std::ldexp(2147483648.0 / multiplier, -shift);
            const std::int32_t from = read_word(old_, at);
            const double change = static_cast<double>(read_word(new_, at)) - from;
            const double unit = shows >= 128 ? 256 : 1;
            const double kept = std::abs(change) < shows / 2 ? 0 : std::round(change / unit) * unit;
            write_word(net, at, static_cast<std::int32_t>(from + kept));
        }
    }

    Bytes old_;
    Bytes new_;
    std::vector<Zone> tables_;
};

class Search {
public:
    Search(BytesView old_net, const Rounder& rounder, const LossyOptions& options)
        : old_net_(old_net), rounder_(rounder), options_(options) {}

    /// The best way that fits.
    std::optional<LossyPatch> find() {
        constexpr std::array<double, 5> kDeadZones = {0.55, 0.7, 0.85, 1.0, 1.3};
        for (const double dead_zone : kDeadZones)
            fit({1, std::vector<double>(rounder_.layers(), 1.0), dead_zone});
        for (std::size_t layer = 0; best_ && layer < rounder_.layers(); ++layer) {
            for (const double factor : {0.6, 1.7}) {
                Way way = way_;
                way.factor[layer] *= factor;
                fit(way);
            }
        }
        return std::move(best_);
    }

private:
    /// The finest step with which this way fits the budget, and the next that differ.
    void fit(Way way) {
        double low = 1;
        double high = kStepMax;
        for (int i = 0; i < 6; ++i) {
            way.step = std::sqrt(low * high);
            if (try_way(way)) {
                high = way.step;
            } else {
                low = way.step;
            }
        }
        way.step = high;
        static_cast<void>(try_way(way));
        way.step = high * 1.25;
        static_cast<void>(try_way(way));
    }

    /// True if it fits.
    bool try_way(const Way& way) {
        Bytes net = rounder_.rounded(way);
        const auto known = sizes_.find(net);
        if (known != sizes_.end()) return known->second <= options_.budget_bytes;
        Options quick;
        quick.base = 0;
        quick.quick = true;
        const auto patch = make_patch(old_net_, net, quick);
        sizes_[net] = patch ? patch->bytes.size() : 0;
        if (!patch || patch->bytes.size() > options_.budget_bytes) return !patch.ok();
        const double accuracy = options_.accuracy(net);
        const bool better =
            !best_ || accuracy > best_->accuracy ||
            (accuracy == best_->accuracy && patch->bytes.size() < best_->patch.bytes.size());
        if (!better) return true;
        best_.emplace();
        best_->patch = *patch;
        best_->net = std::move(net);
        best_->dead_zone = way.dead_zone;
        best_->accuracy = accuracy;
        for (std::size_t layer = 0; layer < rounder_.layers(); ++layer)
            best_->steps.push_back(way.step_of(layer));
        way_ = way;
        return true;
    }

    BytesView old_net_;
    const Rounder& rounder_;
    const LossyOptions& options_;
    std::optional<LossyPatch> best_;
    Way way_;
    std::map<Bytes, std::size_t> sizes_;
};

bool same_shape(const std::vector<Zone>& a, const std::vector<Zone>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Zone& x, const Zone& y) {
        return x.start == y.start && x.length == y.length && x.row == y.row;
    });
}

}  // namespace

Result<LossyPatch> make_lossy_patch(BytesView old_net, BytesView new_net,
                                    const LossyOptions& options) {
    COMPOT_CHECK(options.accuracy != nullptr);
    const std::vector<Zone> tables = find_nets(new_net);
    if (tables.empty()) return Error::Unsupported;
    if (old_net.size() != new_net.size() || !same_shape(find_nets(old_net), tables) ||
        std::equal(old_net.begin(), old_net.end(), new_net.begin()))
        return Error::Refused;
    const Rounder rounder(old_net, new_net, tables);
    auto best = Search(old_net, rounder, options).find();
    if (!best) return Error::NoRoom;
    auto patch = make_patch(old_net, best->net);
    if (patch && patch->bytes.size() <= best->patch.bytes.size()) best->patch = std::move(*patch);
    best->exact_accuracy = options.accuracy(new_net);
    best->old_accuracy = options.accuracy(old_net);
    return *std::move(best);
}

}  // namespace compot::patch
