#include "edge/patch/inspect.hpp"

#include <memory>

#include "core/bundle/delta_codec.hpp"
#include "core/bundle/patch_header.hpp"
#include "edge/patch/book.hpp"
#include "edge/patch/range_encoder.hpp"

namespace compot::patch {

namespace {

/// A decoder that writes down what each bit cost.
class BookingDecoder {
public:
    static constexpr bool kEncodes = false;

    BookingDecoder(BytesView input, Book& book) : decoder_(input), book_(book) {}

    template <typename Model>
    bool bit(Model& model, bool truth) {
        const bool one = plain_bit(model.chance(), truth);
        model.learn(one);
        return one;
    }

    bool plain_bit(std::uint32_t chance, bool /*truth*/) {
        const bool one = decoder_.plain_bit(chance);
        book_.pay(what_, unit_, cost_of(one ? chance : 65536 - chance));
        return one;
    }

    void account(bundle::Account what, std::uint8_t unit) {
        what_ = what;
        unit_ = unit;
    }

    [[nodiscard]] bool reads_fresh() const { return what_ == bundle::Account::Fresh; }

private:
    bundle::RangeDecoder decoder_;
    Book& book_;
    bundle::Account what_ = bundle::Account::Pieces;
    std::uint8_t unit_ = 0;
};

}  // namespace

Result<Patch> inspect_patch(BytesView old_image, BytesView patch,
                            const std::vector<Section>& sections) {
    // First as a Cat would: what follows may trust the patch.
    const auto made = apply_patch(old_image, patch);
    if (!made) return made.error();
    ByteReader in(patch);
    const auto header = bundle::PatchHeader::read(in);
    Patch facts;
    facts.bytes.assign(patch.begin(), patch.end());
    facts.base = header->base;
    facts.header_bytes = patch.size() - in.rest().size();
    Book book(made->size(), sections.empty() ? guess_sections(*made) : sections);
    BookingDecoder decoder(in.rest(), book);
    const auto codec = std::make_unique<bundle::DeltaCodec<BookingDecoder>>(
        decoder, old_image, *made, header->base, header->new_size);
    if (!codec->begin()) return Error::Malformed;
    std::array<std::uint8_t, 4> unit{};
    while (!codec->done()) {
        book.enter(codec->new_at());
        const std::uint32_t size = codec->unit(unit);
        if (size == 0) return Error::Malformed;
        if (decoder.reads_fresh()) facts.fresh_bytes += size;
    }
    facts.pieces = codec->map().size();
    for (const bundle::Zone& zone : codec->zones()) facts.zone_bytes += zone.length;
    facts.spending = book.spending;
    return facts;
}

}  // namespace compot::patch
