#include "edge/patch/maker.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/bundle/applier.hpp"
#include "core/bundle/delta_codec.hpp"
#include "core/crypto/crypto.hpp"
#include "edge/patch/align.hpp"
#include "edge/patch/book.hpp"
#include "edge/patch/range_encoder.hpp"
#include "edge/patch/zones.hpp"

namespace compot::patch {

namespace {

using bundle::Borrow;
using bundle::Copy;
using bundle::Zone;

/// What is sent: mapped copies, borrowed phrases (with an end), zones of weights.
struct Draft {
    std::vector<Copy> copies;
    std::vector<Borrow> borrows;
    bundle::Zones zones;
};

struct Images {
    BytesView old_image;
    BytesView new_image;
    std::uint32_t base = 0;
};

template <typename Coder, typename EachUnit>
void encode(Coder& coder, const Images& images, const Draft& draft, EachUnit each_unit) {
    const bundle::Plan plan{draft.borrows.data(), images.new_image.data()};
    const auto size = static_cast<std::uint32_t>(images.new_image.size());
    const auto codec = std::make_unique<bundle::DeltaCodec<Coder>>(
        coder, images.old_image, images.new_image, images.base, size, plan);
    for (const Copy& copy : draft.copies) COMPOT_CHECK(codec->map().try_push(copy));
    codec->map().sort();
    codec->zones() = draft.zones;
    COMPOT_CHECK(codec->begin().ok());
    std::array<std::uint8_t, 4> unit{};
    while (!codec->done()) {
        each_unit(codec->new_at());
        COMPOT_CHECK(codec->unit(unit) > 0);
    }
}

Book price(const Images& images, const Draft& draft, const std::vector<Section>& sections = {}) {
    Book book(images.new_image.size(), sections);
    CostCounter<Book> counter(book);
    encode(counter, images, draft, [&](std::uint32_t at) { book.enter(at); });
    return book;
}

bool is_shadowed(const Pieces& pieces, std::size_t index) {
    const Piece& own = pieces[index];
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& other = pieces[i];
        if (i == index || other.length <= own.length) continue;
        const std::uint32_t first = std::max(own.from, other.from);
        const std::uint32_t last = std::min(own.from + own.length, other.from + other.length);
        if (last > first && (last - first) * 2 >= own.length) return true;
    }
    return false;
}

/// Splits pieces into those that say where things went and mere phrases. A phrase from the old
/// image tells little when it is short, or when a longer piece claims the same place.
Draft draft_of(const Pieces& pieces, std::uint32_t new_base, std::uint32_t mapped_min) {
    std::vector<bool> phrase(pieces.size());
    std::vector<std::size_t> mapped;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        phrase[i] = pieces[i].from + pieces[i].length > new_base || pieces[i].length < mapped_min ||
                    is_shadowed(pieces, i);
        if (!phrase[i]) mapped.push_back(i);
    }
    std::sort(mapped.begin(), mapped.end(),
              [&](std::size_t a, std::size_t b) { return pieces[a].length > pieces[b].length; });
    for (std::size_t i = bundle::kCopiesMax; i < mapped.size(); ++i) phrase[mapped[i]] = true;
    Draft draft;
    std::uint32_t end = 0;  // of the last mapped piece
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& piece = pieces[i];
        if (phrase[i]) {
            draft.borrows.push_back({piece.new_start, piece.length, piece.from});
            continue;
        }
        draft.copies.push_back({piece.new_start - end, piece.length, piece.from});
        end = piece.new_start + piece.length;
    }
    draft.borrows.push_back({});
    return draft;
}

/// The cheapest of the drafts that a few ways of looking at the images give.
class Search {
public:
    Search(const Images& images, const Options& options)
        : images_(images),
          options_(options),
          new_base_(static_cast<std::uint32_t>((images.old_image.size() + 3) & ~std::size_t{3})) {}

    Draft best() {
        const std::vector<Zone> nets = find_nets(images_.new_image);
        const Aligner aligner(images_.old_image, images_.new_image, images_.base, nets);
        tell(0.3);
        constexpr std::array<Tariff, 3> kTariffs = {Tariff{6.0F, 32.0F, 14.0F, 10.0F, 6},
                                                    Tariff{6.0F, 36.0F, 12.0F, 9.0F, 8},
                                                    Tariff{7.5F, 30.0F, 12.0F, 8.0F, 6}};
        for (std::size_t i = 0; i < kTariffs.size(); ++i) {
            const Pieces pieces = aligner.align(kTariffs[i]);
            consider(draft_of(pieces, new_base_, kMappedMin));
            std::vector<Zone> others = find_strange(images_.new_image, pieces);
            for (const Zone& zone : find_tuned(images_.old_image, images_.new_image, pieces, nets))
                others.push_back(zone);
            consider_zones(pieces,
                           arranged(images_.old_image, images_.new_image, pieces, nets, others));
            // Of a big patch the rest is noise.
            if (options_.quick || (i == 0 && best_bits_ > 100000.0)) break;
            tell(0.3 + 0.15 * static_cast<double>(i + 1));
        }
        tell(0.85);
        if (!options_.quick && best_.copies.size() + best_.borrows.size() < 48) prune();
        return best_;
    }

private:
    void tell(double share) const {
        if (options_.progress) options_.progress(share);
    }

    /// What all prices asked for may cost, in bytes of image: big images get fewer tries.
    [[nodiscard]] bool has_time() const { return looked_at_ < std::size_t{24} << 20U; }

    double priced(const Draft& draft) {
        looked_at_ += images_.new_image.size();
        return price(images_, draft).total;
    }

    bool consider(const Draft& draft) {
        const double bits = priced(draft);
        if (best_bits_ >= 0 && bits >= best_bits_) return false;
        best_bits_ = bits;
        best_ = draft;
        return true;
    }

    /// Pieces with zones, but for phrases inside zones of bytes: those cost more than the bytes.
    [[nodiscard]] Draft with_zones(const Pieces& pieces, const bundle::Zones& zones) const {
        constexpr std::uint32_t kPhraseMax = 64;
        Pieces kept;
        for (const Piece& piece : pieces) {
            const auto holds = [&](const Zone& zone) {
                return zone.step == 0 && piece.length < kPhraseMax &&
                       piece.new_start >= zone.start &&
                       piece.new_start + piece.length <= zone.start + zone.length;
            };
            if (std::none_of(zones.begin(), zones.end(), holds)) kept.push_back(piece);
        }
        Draft draft = draft_of(kept, new_base_, kMappedMin);
        draft.zones = zones;
        return draft;
    }

    /// With all zones, then without each, and with each as bytes that resemble nothing.
    void consider_zones(const Pieces& pieces, const bundle::Zones& zones) {
        if (zones.empty()) return;
        bundle::Zones way = zones;
        double least = priced(with_zones(pieces, way));
        for (std::size_t i = 0; i < way.size() && has_time() && !options_.quick;) {
            bundle::Zones bytes = way;
            bytes[i].step = 0;
            bundle::Zones less;
            for (std::size_t j = 0; j < way.size(); ++j)
                if (j != i) less.push(way[j]);
            const double with_bytes = priced(with_zones(pieces, bytes));
            const double with_less = priced(with_zones(pieces, less));
            const bool drop = with_less < std::min(least, with_bytes);
            if (drop) {
                way = less;
            } else if (with_bytes < least) {
                way = bytes;
            }
            least = std::min({least, with_bytes, with_less});
            if (!drop) ++i;
        }
        consider(with_zones(pieces, way));
    }

    /// Small patches: tries to do without each phrase.
    void prune() {
        int tries = 12;  // each costs as much as an encoding
        for (std::size_t i = 0; i + 1 < best_.borrows.size() && tries > 0 && has_time(); --tries) {
            Draft less = best_;
            less.borrows.erase(less.borrows.begin() + static_cast<std::ptrdiff_t>(i));
            if (!consider(less)) ++i;
        }
    }

    static constexpr std::uint32_t kMappedMin = 32;  ///< a shorter piece is a phrase

    const Images& images_;
    const Options& options_;
    std::uint32_t new_base_;  ///< address of the new image's first byte
    Draft best_;
    double best_bits_ = -1;
    std::size_t looked_at_ = 0;
};

Result<std::vector<std::uint8_t>> write_patch(const Images& images, const Draft& draft,
                                              std::size_t& header_bytes) {
    RangeEncoder encoder;
    encode(encoder, images, draft, [](std::uint32_t) {});
    const std::vector<std::uint8_t> body = encoder.finish();
    bundle::PatchHeader header;
    header.base = images.base;
    header.new_size = static_cast<std::uint32_t>(images.new_image.size());
    const crypto::Digest old_digest = crypto::digest(images.old_image);
    const crypto::Digest new_digest = crypto::digest(images.new_image);
    std::copy_n(old_digest.begin(), header.old_check.size(), header.old_check.begin());
    std::array<std::uint8_t, bundle::PatchHeader::kBytesMax> buffer{};
    ByteWriter out(buffer);
    header.write(out);
    header_bytes = out.size();
    const BytesView head = BytesView(buffer).first(header_bytes - header.seal.size());
    header.seal = bundle::seal_of(old_digest, new_digest, head, body);
    std::vector<std::uint8_t> bytes(head.begin(), head.end());
    bytes.insert(bytes.end(), header.seal.begin(), header.seal.end());
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

}  // namespace

Result<Patch> make_patch(BytesView old_image, BytesView new_image, const Options& options) {
    if (old_image.size() > bundle::kImageBytesMax || new_image.size() > bundle::kImageBytesMax)
        return Error::TooBig;
    if (old_image.empty() || new_image.empty() ||
        std::equal(old_image.begin(), old_image.end(), new_image.begin(), new_image.end()))
        return Error::Refused;
    Images images{old_image, new_image, 0};
    images.base = options.base ? *options.base & ~0xFFU : guess_base(old_image);
    const Draft draft = Search(images, options).best();
    Patch patch;
    auto bytes = write_patch(images, draft, patch.header_bytes);
    if (!bytes) return bytes.error();
    patch.bytes = std::move(*bytes);
    patch.base = images.base;
    patch.pieces = draft.copies.size();
    patch.borrows = draft.borrows.size() - 1;
    for (const Zone& zone : draft.zones) patch.zone_bytes += zone.length;
    std::size_t covered = 0;
    for (const Copy& copy : draft.copies) covered += copy.length;
    for (const Borrow& borrow : draft.borrows) covered += borrow.length;
    patch.fresh_bytes = new_image.size() - covered;
    patch.spending = price(images, draft,
                           options.sections.empty() ? guess_sections(new_image) : options.sections)
                         .spending;
    const auto back = apply_patch(old_image, patch.bytes);
    COMPOT_CHECK(back.ok() &&
                 std::equal(back->begin(), back->end(), new_image.begin(), new_image.end()));
    if (options.progress) options.progress(1.0);
    return patch;
}

Result<std::vector<std::uint8_t>> apply_patch(BytesView old_image, BytesView patch,
                                              const std::function<void(double)>& progress) {
    ByteReader in(patch);
    const auto header = bundle::PatchHeader::read(in);
    if (!header) return header.error();
    std::vector<std::uint8_t> made(header->new_size);
    const auto applier = std::make_unique<bundle::Applier>();
    const Status begun = applier->begin(old_image, patch, made);
    if (!begun) return begun.error();
    std::array<std::uint8_t, 4096> block{};
    std::size_t at = 0;
    for (;;) {
        const auto size = applier->next(block);
        if (!size) return size.error();
        if (*size == 0) break;
        std::copy_n(block.begin(), *size, made.begin() + static_cast<std::ptrdiff_t>(at));
        at += *size;
        if (progress) progress(static_cast<double>(at) / static_cast<double>(made.size()));
    }
    const Status finished = applier->finish();
    if (!finished) return finished.error();
    return made;
}

}  // namespace compot::patch
