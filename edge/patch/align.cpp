#include "edge/patch/align.hpp"

#include <divsufsort.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/base/random.hpp"
#include "edge/patch/skeleton.hpp"

namespace compot::patch {

namespace {

constexpr std::size_t kMatchMax = 4096;  ///< enough to tell candidates apart
/// A match of which so much is left is not searched anew: it saves most of the time.
constexpr std::uint32_t kLongEnough = 128;

/// A text and the longest match of anything in it, by suffix array.
class Matcher {
public:
    explicit Matcher(const std::vector<std::uint8_t>& text) : text_(text), order_(text.size()) {
        divsufsort(text_.data(), order_.data(), static_cast<saidx_t>(text_.size()));
    }

    struct Match {
        std::size_t at = 0;
        std::size_t length = 0;
    };

    [[nodiscard]] Match longest(const std::uint8_t* pattern, std::size_t size) const {
        std::size_t low = 0;
        std::size_t high = order_.size();
        std::size_t low_common = 0;
        std::size_t high_common = 0;
        Match best;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            const auto start = static_cast<std::size_t>(order_[middle]);
            std::size_t common = std::min(low_common, high_common);
            const std::size_t limit = std::min(size, text_.size() - start);
            while (common < limit && text_[start + common] == pattern[common]) ++common;
            if (common > best.length) best = {start, common};
            if (common == size) break;
            if (common < limit && text_[start + common] > pattern[common]) {
                high = middle;
                high_common = common;
            } else {
                low = middle + 1;
                low_common = common;
            }
        }
        return best;
    }

private:
    const std::vector<std::uint8_t>& text_;
    std::vector<saidx_t> order_;
};

}  // namespace

/// What does not depend on prices: for each even offset of the new image, where a piece may begin.
struct Aligner::Index {
    struct Candidate {
        std::uint32_t from = 0;    ///< an address as in Piece
        std::uint32_t length = 0;  ///< for how long the skeletons agree; 0 if nowhere
    };

    Index(BytesView old_bytes, BytesView new_bytes, std::uint32_t base,
          const std::vector<bundle::Zone>& nets)
        : old_image(old_bytes),
          new_image(new_bytes),
          old_skeleton(skeleton(old_bytes, base)),
          new_skeleton(skeleton(new_bytes, base)),
          weighs(new_bytes.size()),
          new_base(static_cast<std::uint32_t>((old_bytes.size() + 3) & ~std::size_t{3})) {
        const Matcher matcher(old_skeleton);
        const std::size_t places = (new_image.size() + 1) / 2;
        in_old.resize(places);
        in_new.resize(places);
        for (std::size_t i = 0; i < places; ++i) {
            if (i > 0 && goes_on(in_old[i - 1], in_old[i])) continue;
            const std::size_t left = std::min(new_image.size() - 2 * i, kMatchMax);
            const auto match = matcher.longest(new_skeleton.data() + 2 * i, left);
            in_old[i] = {static_cast<std::uint32_t>(match.at),
                         static_cast<std::uint32_t>(match.length)};
        }
        find_repeats();
        for (const bundle::Zone& net : nets)
            std::fill_n(weighs.begin() + net.start, net.length, true);
    }

    /// True if `next`, two bytes on, is what `last` says.
    static bool goes_on(const Candidate& last, Candidate& next) {
        if (last.length < kLongEnough + 2) return false;
        next = {last.from + 2, last.length - 2};
        return true;
    }

    /// The longest of the last few places in the new image that begin with the same six bytes.
    void find_repeats() {
        constexpr int kPlaces = 16;
        constexpr std::size_t kSame = 6;
        constexpr std::uint32_t kNone = 0xFFFFFFFF;
        const std::size_t buckets = std::bit_ceil(in_new.size() + 1);
        std::vector<std::uint32_t> latest(buckets, kNone);  // half the place, for each key
        std::vector<std::uint32_t> before(in_new.size(), kNone);
        for (std::size_t at = 0; at + kSame <= new_image.size(); at += 2) {
            std::uint64_t key = 0;
            std::memcpy(&key, new_skeleton.data() + at, kSame);
            std::uint32_t& newest = latest[mix64(key) & (buckets - 1)];
            Candidate& best = in_new[at / 2];
            if (at == 0 || !goes_on(in_new[at / 2 - 1], best)) {
                std::uint32_t half = newest;
                for (int i = 0; i < kPlaces && half != kNone; ++i, half = before[half]) {
                    const std::uint32_t length = common(std::size_t{half} * 2, at);
                    if (at - std::size_t{half} * 2 >= 4 && length >= best.length && length >= kSame)
                        best = {new_base + half * 2, length};
                }
            }
            before[at / 2] = newest;
            newest = static_cast<std::uint32_t>(at / 2);
        }
    }

    /// For how many bytes the new skeleton repeats at `at` what it has at `place`.
    [[nodiscard]] std::uint32_t common(std::size_t place, std::size_t at) const {
        const std::size_t limit = std::min(kMatchMax, new_image.size() - at);
        std::uint32_t length = 0;
        while (length < limit && new_skeleton[place + length] == new_skeleton[at + length])
            ++length;
        return length;
    }

    BytesView old_image;
    BytesView new_image;
    std::vector<std::uint8_t> old_skeleton;
    std::vector<std::uint8_t> new_skeleton;
    std::vector<bool> weighs;  ///< bytes of nets
    std::uint32_t new_base;
    std::vector<Candidate> in_old;
    std::vector<Candidate> in_new;
};

namespace {

/// The cheapest way through the new image: at each byte either fresh, or on a diagonal (a constant
/// difference of addresses) of the source. Viterbi's algorithm with a beam.
template <typename Index>
class Path {
public:
    Path(const Index& index, const Tariff& tariff) : index_(index), tariff_(tariff) {}

    Pieces find() {
        nodes_.push_back({kFresh, 0, -1});
        for (std::size_t at = 0; at < index_.new_image.size(); ++at) {
            if (at % 2 == 0) {
                enter(index_.in_old[at / 2], at);
                enter(index_.in_new[at / 2], at);
            }
            leave(at);
            walk(at);
            thin();
        }
        return read_back();
    }

private:
    static constexpr std::int64_t kFresh = INT64_MIN;
    static constexpr float kBeam = 80.0F;  ///< bits behind the best at which one gives up
    static constexpr std::size_t kWalkersMax = 48;
    static constexpr float kSame = 0.002F;  ///< bits of a byte that is as predicted
    static constexpr float kMoved = 0.2F;   ///< of one whose address needs the map
    static constexpr float kLeave = 4.0F;   ///< to end a piece
    static constexpr float kWeight = 8.0F;  ///< of a fresh byte in a net

    struct Node {
        std::int64_t diagonal;
        std::size_t at;
        int before;
    };

    struct Walker {
        std::int64_t diagonal;
        float cost;
        int node;
        int surprised;
    };

    [[nodiscard]] const Walker& best() const {
        const Walker* best = &fresh_;
        for (const Walker& walker : active_)
            if (walker.cost < best->cost) best = &walker;
        return *best;
    }

    int node(std::int64_t diagonal, std::size_t at, int before) {
        nodes_.push_back({diagonal, at, before});
        return static_cast<int>(nodes_.size()) - 1;
    }

    void enter(const typename Index::Candidate& candidate, std::size_t at) {
        if (candidate.length < tariff_.seed) return;
        const auto diagonal =
            static_cast<std::int64_t>(candidate.from) - static_cast<std::int64_t>(at);
        const Walker& from = best();
        const float cost = from.cost + tariff_.piece;
        const int before = from.node;
        for (Walker& walker : active_) {
            if (walker.diagonal != diagonal) continue;
            if (walker.cost > cost) walker = {diagonal, cost, node(diagonal, at, before), 0};
            return;
        }
        active_.push_back({diagonal, cost, node(diagonal, at, before), 0});
    }

    void leave(std::size_t at) {
        const Walker& from = best();
        if (from.diagonal == kFresh || from.cost + kLeave >= fresh_.cost) return;
        fresh_.cost = from.cost + kLeave;
        fresh_.node = node(kFresh, at, from.node);
    }

    void walk(std::size_t at) {
        // A weight's own value says next to nothing about it, so it costs all of its byte.
        fresh_.cost += index_.weighs[at] ? kWeight : tariff_.fresh_byte;
        for (Walker& walker : active_) {
            const std::int64_t from = walker.diagonal + static_cast<std::int64_t>(at);
            const bool repeats = from >= static_cast<std::int64_t>(index_.new_base);
            if (from < 0 ||
                (!repeats && from >= static_cast<std::int64_t>(index_.old_image.size()))) {
                walker.cost = 1e30F;
                continue;
            }
            const auto place = static_cast<std::size_t>(from) - (repeats ? index_.new_base : 0);
            const std::uint8_t raw = repeats ? index_.new_image[place] : index_.old_image[place];
            const std::uint8_t bare =
                repeats ? index_.new_skeleton[place] : index_.old_skeleton[place];
            if (raw == index_.new_image[at]) {
                walker.cost += kSame;
                if (walker.surprised > 0) --walker.surprised;
            } else if (bare == index_.new_skeleton[at]) {
                walker.cost += kMoved;
            } else {
                walker.cost += surprise(walker, raw, index_.new_image[at]);
                walker.surprised = 8;
            }
        }
    }

    /// Where bytes differ often and by little, they are weights, and little is what it costs.
    [[nodiscard]] float surprise(const Walker& walker, std::uint8_t from, std::uint8_t to) const {
        if (walker.surprised == 0) return tariff_.surprise;
        const int size = std::abs(static_cast<std::int8_t>(static_cast<std::uint8_t>(to - from)));
        const float tuned = 2.5F + 1.2F * std::log2(1.0F + static_cast<float>(size));
        return std::min(tuned, tariff_.more_of_it);
    }

    void thin() {
        const float limit = best().cost + kBeam;
        std::erase_if(active_, [&](const Walker& walker) { return walker.cost > limit; });
        if (active_.size() <= kWalkersMax) return;
        const auto keep = active_.begin() + kWalkersMax * 2 / 3;
        std::nth_element(active_.begin(), keep, active_.end(),
                         [](const Walker& a, const Walker& b) { return a.cost < b.cost; });
        active_.erase(keep, active_.end());
    }

    Pieces read_back() const {
        std::vector<Node> path;
        for (int at = best().node; at >= 0; at = nodes_[static_cast<std::size_t>(at)].before)
            path.push_back(nodes_[static_cast<std::size_t>(at)]);
        std::reverse(path.begin(), path.end());
        Pieces pieces;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const std::size_t end = i + 1 < path.size() ? path[i + 1].at : index_.new_image.size();
            if (path[i].diagonal == kFresh || end == path[i].at) continue;
            pieces.push_back({static_cast<std::uint32_t>(path[i].at),
                              static_cast<std::uint32_t>(end - path[i].at),
                              static_cast<std::uint32_t>(path[i].diagonal +
                                                         static_cast<std::int64_t>(path[i].at))});
        }
        return pieces;
    }

    const Index& index_;
    const Tariff& tariff_;
    std::vector<Node> nodes_;
    std::vector<Walker> active_;
    Walker fresh_{kFresh, 0.0F, 0, 0};
};

}  // namespace

Aligner::Aligner(BytesView old_image, BytesView new_image, std::uint32_t base,
                 const std::vector<bundle::Zone>& nets)
    : index_(std::make_unique<Index>(old_image, new_image, base, nets)) {}

Aligner::~Aligner() = default;

Pieces Aligner::align(const Tariff& tariff) const { return Path<Index>(*index_, tariff).find(); }

}  // namespace compot::patch
