#pragma once

#include <array>
#include <cstdint>

#include "core/base/result.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/delta_models.hpp"
#include "core/bundle/fresh_model.hpp"
#include "core/bundle/pieces.hpp"
#include "core/bundle/source.hpp"
#include "core/bundle/unit_codec.hpp"
#include "core/bundle/weight_coder.hpp"

/// The walk over a new image that encoder and decoder share: mapped pieces of the old image, and in
/// the gaps between them fresh bytes and borrowed phrases. `Coder` is a RangeDecoder on a Cat and
/// an encoder on the edge; only the latter is given a plan and the new image.

namespace compot::bundle {

/// A phrase inside a gap that the source has somewhere; it says nothing about where things went.
struct Borrow {
    std::uint32_t new_start = 0;
    std::uint32_t length = 0;  ///< 0 ends a list
    std::uint32_t from = 0;    ///< address in the source
};

/// What an encoder must know that a decoder is told.
struct Plan {
    const Borrow* borrows = nullptr;      ///< in order, with an end
    const std::uint8_t* truth = nullptr;  ///< the new image
};

template <typename Coder>
class DeltaCodec {
public:
    DeltaCodec(Coder& coder, BytesView old_image, BytesView made, std::uint32_t base,
               std::uint32_t new_size, Plan plan = {})
        : coder_(coder),
          source_(old_image, made),
          new_size_(new_size),
          plan_(plan),
          units_(coder_, source_, map_, base) {}

    /// The unit codec keeps references to its neighbours here.
    DeltaCodec(const DeltaCodec&) = delete;
    DeltaCodec& operator=(const DeltaCodec&) = delete;
    DeltaCodec(DeltaCodec&&) = delete;
    DeltaCodec& operator=(DeltaCodec&&) = delete;
    ~DeltaCodec() = default;

    CopyMap& map() { return map_; }

    Zones& zones() { return zones_; }

    /// Zones and pieces, before the first unit. ERRORS: Malformed.
    [[nodiscard]] Status begin() {
        coder_.account(Account::Pieces, 0);
        if (!code_zones(coder_, pieces_, zones_, new_size_)) return Error::Malformed;
        if (!code_pieces(coder_, pieces_, map_, source_.old_size(), new_size_))
            return Error::Malformed;
        return {};
    }

    [[nodiscard]] bool done() const { return new_at_ == new_size_; }

    [[nodiscard]] std::uint32_t new_at() const { return new_at_; }

    /// Where the bytes made since `start` can be read until they are where `made` looks.
    void set_block(const std::uint8_t* block, std::uint32_t start) {
        source_.set_block(block, start);
    }

    /// The next 1 to 4 bytes; none if the patch is broken. REQUIRES: not done().
    [[nodiscard]] std::uint32_t unit(std::array<std::uint8_t, 4>& out) {
        source_.set_end(new_at_);
        while (run_left_ == 0 && copy_left_ == 0)
            if (!next_piece()) return 0;
        const Zone* const zone = enter_zone();
        typename UnitCodec<Coder>::Made made;
        if (run_left_ > 0) {
            made = zone != nullptr && zone->step == 0 ? weight(Account::Fresh) : fresh();
            run_left_ -= made.size;
        } else {
            made = zone != nullptr ? weight(Account::Corrections)
                                   : units_.code({from_, new_at_, copy_left_}, truth(4));
            copy_left_ -= made.size;
            from_ += made.size;
            remember(made.value, made.size);
        }
        for (std::uint32_t i = 0; i < made.size; ++i)
            out[i] = static_cast<std::uint8_t>(made.value >> (8 * i));
        new_at_ += made.size;
        return made.size;
    }

private:
    /// Starts the next run, phrase or mapped piece; false if there can't be one.
    [[nodiscard]] bool next_piece() {
        units_.begin_piece();
        if (!in_gap_) {
            gap_left_ = piece_ == map_.size() ? new_size_ - new_at_ : map_[piece_].gap;
            in_gap_ = true;
        }
        if (phrase_.length > 0) {
            copy_left_ = phrase_.length;
            from_ = phrase_.from;
            phrase_.length = 0;
            return true;
        }
        if (gap_left_ > 0) return next_in_gap();
        in_gap_ = false;
        if (piece_ == map_.size()) return false;
        copy_left_ = map_[piece_].length;
        from_ = map_[piece_].old_start;
        ++piece_;
        return true;
    }

    [[nodiscard]] bool next_in_gap() {
        coder_.account(Account::Pieces, 1);
        Borrow real;
        if constexpr (Coder::kEncodes) {
            if (plan_.borrows->length != 0 && plan_.borrows->new_start < new_at_ + gap_left_)
                real = *plan_.borrows++;
        }
        if (!coder_.bit(pieces_.borrows, real.length != 0)) {
            run_left_ = gap_left_;
            gap_left_ = 0;
            return true;
        }
        run_left_ = pieces_.run.code(coder_, real.new_start - new_at_);
        phrase_.length = pieces_.phrase.code(coder_, real.length - 1) + 1;
        if (run_left_ > gap_left_ || phrase_.length > gap_left_ - run_left_) return false;
        phrase_.from = phrase_from(new_at_ + run_left_, real.from);
        gap_left_ -= run_left_ + phrase_.length;
        return true;
    }

    /// Where a phrase that begins at `begin` comes from. An impossible answer reads as zeros.
    [[nodiscard]] std::uint32_t phrase_from(std::uint32_t begin, std::uint32_t real) {
        const std::uint32_t here = source_.new_base() + begin;
        if (coder_.bit(pieces_.from_new, real >= source_.new_base()))
            return here - kDistanceMin - pieces_.distance.code(coder_, here - real - kDistanceMin);
        std::uint32_t from = phrases_until_;
        if (coder_.bit(pieces_.jumps_back, real < from)) {
            from -= pieces_.jump_back.code(coder_, from - real - 1) + 1;
        } else {
            from += pieces_.jump_ahead.code(coder_, real - from);
        }
        phrases_until_ = from + phrase_.length;
        return from;
    }

    /// The zone in which the next byte lies, if any.
    [[nodiscard]] const Zone* enter_zone() {
        while (zone_ < zones_.size() && new_at_ >= zones_[zone_].start + zones_[zone_].length) {
            ++zone_;
            zone_begun_ = false;
        }
        if (zone_ == zones_.size() || new_at_ < zones_[zone_].start) return nullptr;
        if (!zone_begun_) weights_.begin(zones_[zone_]);
        zone_begun_ = true;
        return &zones_[zone_];
    }

    typename UnitCodec<Coder>::Made weight(Account what) {
        coder_.account(what, static_cast<std::uint8_t>(Unit::Byte));
        const auto real = static_cast<std::uint8_t>(truth(1));
        return {weights_.code(coder_, new_at_, source_.byte(from_), real), 1};
    }

    [[nodiscard]] std::uint32_t truth(std::uint32_t size) const {
        std::uint32_t value = 0;
        if constexpr (Coder::kEncodes) {
            for (std::uint32_t i = 0; i < size && new_at_ + i < new_size_; ++i)
                value |= static_cast<std::uint32_t>(plan_.truth[new_at_ + i]) << (8 * i);
        }
        return value;
    }

    /// High byte first: it says what kind of instruction the low byte belongs to.
    typename UnitCodec<Coder>::Made fresh() {
        coder_.account(Account::Fresh, 0);
        const std::uint32_t real = truth(2);
        if ((new_at_ & 1U) != 0 || run_left_ < 2)
            return {fresh_.code(coder_, new_at_, static_cast<std::uint8_t>(real)), 1};
        const std::uint32_t high =
            fresh_.code(coder_, new_at_ + 1, static_cast<std::uint8_t>(real >> 8U));
        const std::uint32_t low = fresh_.code(coder_, new_at_, static_cast<std::uint8_t>(real));
        return {low | (high << 8U), 2};
    }

    void remember(std::uint32_t value, std::uint32_t size) {
        if (size == 1) fresh_.saw(static_cast<std::uint8_t>(value));
        for (std::uint32_t i = 0; i + 1 < size; i += 2) {
            fresh_.saw(static_cast<std::uint8_t>(value >> (8 * i + 8)));
            fresh_.saw(static_cast<std::uint8_t>(value >> (8 * i)));
        }
    }

    static constexpr std::uint32_t kDistanceMin = 4;  ///< a unit never reads what it writes

    Coder& coder_;
    Source source_;
    std::uint32_t new_size_;
    Plan plan_;
    CopyMap map_;
    Zones zones_;
    PieceModels pieces_;
    FreshModel fresh_;
    UnitCodec<Coder> units_;
    WeightCoder weights_;
    std::size_t zone_ = 0;  ///< the next one that has not ended
    bool zone_begun_ = false;
    std::size_t piece_ = 0;
    Borrow phrase_;                    ///< follows the run
    std::uint32_t phrases_until_ = 0;  ///< where the last phrase from the old image ended there
    std::uint32_t gap_left_ = 0;
    std::uint32_t run_left_ = 0;  ///< of fresh bytes
    std::uint32_t copy_left_ = 0;
    std::uint32_t from_ = 0;
    std::uint32_t new_at_ = 0;
    bool in_gap_ = false;
};

}  // namespace compot::bundle
