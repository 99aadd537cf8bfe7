#include "edge/patch/maker.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/bundle/applier.hpp"
#include "core/bundle/delta_codec.hpp"
#include "core/crypto/crypto.hpp"
#include "edge/patch/align.hpp"
#include "edge/patch/range_encoder.hpp"

namespace compot::patch {

namespace {

using bundle::Account;
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

/// Counts by account, unit and stretch of the new image.
struct Book {
    Spending spending;
    std::size_t stretch = 0;
    double total = 0;

    void pay(Account what, std::uint8_t unit, float bits) {
        const auto account = static_cast<std::size_t>(what);
        total += static_cast<double>(bits);
        spending.bits[account] += static_cast<double>(bits);
        spending.stretches[stretch][account] += static_cast<double>(bits);
        if (what == Account::Flags || what == Account::Corrections)
            spending.surprises[unit] += static_cast<double>(bits);
    }
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

Book price(const Images& images, const Draft& draft) {
    Book book;
    CostCounter<Book> counter(book);
    const std::size_t size = images.new_image.size();
    encode(counter, images, draft,
           [&](std::uint32_t at) { book.stretch = std::size_t{at} * Spending::kStretches / size; });
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

/// Stretches of copied pieces where bytes differ often and by little: weights that were tuned.
bundle::Zones find_zones(const Images& images, const Pieces& pieces, std::uint32_t new_base) {
    constexpr std::uint32_t kBlock = 64;
    std::vector<bool> dense(images.new_image.size() / kBlock + 1);
    for (const Piece& piece : pieces) {
        if (piece.from + piece.length > new_base) continue;
        // A piece may reach past the old image, where the applier reads zeros.
        const auto readable = static_cast<std::uint32_t>(std::min<std::size_t>(
            piece.length,
            images.old_image.size() - std::min<std::size_t>(images.old_image.size(), piece.from)));
        for (std::uint32_t at = 0; at + kBlock <= readable; at += kBlock) {
            int changed = 0;
            for (std::uint32_t i = at; i < at + kBlock; ++i)
                changed += images.new_image[piece.new_start + i] != images.old_image[piece.from + i]
                               ? 1
                               : 0;
            if (changed >= 6) dense[(piece.new_start + at + kBlock / 2) / kBlock] = true;
        }
    }
    std::vector<Zone> found;
    constexpr std::uint32_t kBridge = 16;  // blocks without changes inside a zone
    for (std::uint32_t block = 0; block < dense.size(); ++block) {
        if (!dense[block]) continue;
        const std::uint32_t start = block * kBlock;
        if (!found.empty() &&
            start - (found.back().start + found.back().length) <= kBridge * kBlock)
            found.back().length = start + kBlock - found.back().start;
        else
            found.push_back({start, kBlock});
    }
    std::sort(found.begin(), found.end(),
              [](const Zone& a, const Zone& b) { return a.length > b.length; });
    bundle::Zones zones;
    for (const Zone& zone : found)
        if (zone.length >= 4 * kBlock && !zones.full()) zones.push(zone);
    return zones;
}

/// The cheapest of the drafts that a few ways of looking at the images give.
class Search {
public:
    Search(const Images& images, const Options& options) : images_(images), options_(options) {}

    Draft best() {
        const auto new_base =
            static_cast<std::uint32_t>((images_.old_image.size() + 3) & ~std::size_t{3});
        Aligner aligner(images_.old_image, images_.new_image, images_.base);
        tell(0.3);
        constexpr std::array<Tariff, 3> kTariffs = {Tariff{6.0F, 32.0F, 14.0F, 10.0F, 6},
                                                    Tariff{6.0F, 36.0F, 12.0F, 9.0F, 8},
                                                    Tariff{7.5F, 30.0F, 12.0F, 8.0F, 6}};
        for (std::size_t i = 0; i < kTariffs.size(); ++i) {
            const Pieces pieces = aligner.align(kTariffs[i]);
            Draft draft = draft_of(pieces, new_base, 32);
            const bundle::Zones zones = find_zones(images_, pieces, new_base);
            consider(draft);
            if (!zones.empty()) {
                draft.zones = zones;
                consider(draft);
            }
            if (i == 0 && best_bits_ > 100000.0) break;  // a big patch: the rest is noise
            tell(0.3 + 0.15 * static_cast<double>(i + 1));
        }
        tell(0.85);
        if (best_.copies.size() + best_.borrows.size() < 48) prune();
        return best_;
    }

private:
    void tell(double share) const {
        if (options_.progress) options_.progress(share);
    }

    bool consider(const Draft& draft) {
        const double bits = price(images_, draft).total;
        if (best_bits_ >= 0 && bits >= best_bits_) return false;
        best_bits_ = bits;
        best_ = draft;
        return true;
    }

    /// Small patches: tries to do without each phrase.
    void prune() {
        int tries = 12;  // each costs as much as an encoding
        for (std::size_t i = 0; i + 1 < best_.borrows.size() && tries > 0; --tries) {
            Draft less = best_;
            less.borrows.erase(less.borrows.begin() + static_cast<std::ptrdiff_t>(i));
            if (!consider(less)) ++i;
        }
    }

    const Images& images_;
    const Options& options_;
    Draft best_;
    double best_bits_ = -1;
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
    patch.spending = price(images, draft).spending;
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
