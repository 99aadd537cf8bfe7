#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/bundle/address_memory.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/delta_models.hpp"
#include "core/bundle/source.hpp"
#include "core/bundle/thumb.hpp"

/// Codes one unit of a copied piece: an instruction, a word or a byte, predicted from its source
/// with every address moved as the map says, and bits that say how the prediction is wrong.

namespace compot::bundle {

/// Who pays for which bits; encoders keep books by these, and by the unit.
enum class Account : std::uint8_t { Pieces, Flags, Corrections, Fresh };

template <typename Coder>
class UnitCodec {
public:
    struct Place {
        std::uint32_t from = 0;  ///< address in the source
        std::uint32_t to = 0;    ///< offset in the new image
        std::uint32_t left = 0;  ///< of the piece
    };

    struct Made {
        std::uint32_t value = 0;  ///< little endian
        std::uint32_t size = 0;
    };

    UnitCodec(Coder& coder, const Source& source, const CopyMap& map, std::uint32_t base)
        : coder_(coder), source_(source), map_(map), base_(base) {}

    void begin_piece() { marks_ = {}; }

    /// `truth` tells an encoder up to four bytes of the new image from `place.to` on.
    Made code(const Place& place, std::uint32_t truth) {
        place_ = place;
        truth_ = truth;
        const bool word = ((place.from | place.to) & 3U) == 0 && place.left >= 4;
        if (word && is_data_word()) return {data_word(source_.word(place.from)), 4};
        if (((place.from | place.to) & 1U) == 0 && place.left >= 2) return instruction();
        return {plain(Unit::Byte, source_.byte(place.from), 1), 1};
    }

private:
    [[nodiscard]] static constexpr std::size_t index(Unit unit) {
        return static_cast<std::size_t>(unit);
    }

    [[nodiscard]] static constexpr std::uint32_t masked(std::uint32_t value, std::uint32_t size) {
        return size == 4 ? value : value & ((1U << (8 * size)) - 1);
    }

    void account(Account what, Unit unit) { coder_.account(what, static_cast<std::uint8_t>(unit)); }

    [[nodiscard]] bool from_old() const { return place_.from < source_.new_base(); }

    /// An address in the source's own image, as an offset in the new one.
    [[nodiscard]] std::uint32_t moved(std::uint32_t at) const {
        return from_old() ? map_.to_new(at) : at;
    }

    [[nodiscard]] bool is_flash(std::uint32_t word) const {
        return word >= base_ && word - base_ <= source_.old_size();
    }

    [[nodiscard]] static bool is_ram(std::uint32_t word) {
        return word - 0x1FFF0000U < 0x110000U;  // code RAM and the first megabyte of SRAM
    }

    [[nodiscard]] bool is_data_word() {
        marked_ = marks_.take(place_.from);
        const std::uint32_t word = source_.word(place_.from);
        return marked_ || is_flash(word) || is_ram(word);
    }

    std::uint32_t data_word(std::uint32_t raw) {
        if (is_ram(raw)) return address(marked_ ? Unit::Ram : Unit::LooseRam, raw);
        if (is_flash(raw)) return address(marked_ ? Unit::Flash : Unit::LooseFlash, raw);
        return plain(Unit::Constant, raw, 4);
    }

    std::uint32_t address(Unit unit, std::uint32_t raw) {
        const bool flash = unit == Unit::Flash || unit == Unit::LooseFlash;
        const std::uint32_t mapped = flash ? base_ + moved(raw - base_) : raw;
        std::uint32_t predicted = mapped;
        if (from_old()) predicted += flash ? shifts_.exact(raw) : shifts_.nearest(raw);
        if (holds(unit, raw, predicted, 4)) {
            if (!flash && from_old()) shifts_.learn(raw, predicted - mapped);
            return predicted;
        }
        std::uint32_t value = raw;
        if (predicted == raw || !coder_.bit(models_.raw[index(unit)], truth_ == raw)) {
            if (coder_.bit(models_.not_target[index(unit)], is_far(truth_ - predicted)))
                return exact(raw, 4);
            value = predicted + shift(truth_ - predicted);
        }
        if (from_old()) shifts_.learn(raw, value - mapped);
        return value;
    }

    /// True if a difference is too big to be the correction of an address.
    [[nodiscard]] static bool is_far(std::uint32_t shift) {
        return shift == 0 || shift + 0x80000U > 0x100000U;
    }

    /// True if the prediction holds.
    [[nodiscard]] bool holds(Unit unit, std::uint32_t raw, std::uint32_t predicted,
                             std::uint32_t size) {
        account(Account::Flags, unit);
        std::size_t recency = 3;
        if (since_surprise_ < 24) recency = 2;
        if (since_surprise_ < 4) recency = 1;
        if (since_surprise_ == 0) recency = 0;
        auto& models = raw == predicted ? models_.same : models_.moved;
        if (!coder_.bit(models[index(unit)][recency], masked(truth_, size) != predicted)) {
            ++since_surprise_;
            return true;
        }
        since_surprise_ = 0;
        account(Account::Corrections, unit);
        return false;
    }

    /// A shift that corrected something lately, or a new one.
    std::uint32_t shift(std::uint32_t truth) {
        std::uint32_t place = 0;
        while (place < kRecent && recent_[place] != truth) ++place;
        if (coder_.bit(models_.recent, place < kRecent)) {
            std::uint32_t node = 1;
            node = 2 * node + (coder_.bit(models_.which_recent[1], (place & 2U) != 0) ? 1 : 0);
            node = 2 * node + (coder_.bit(models_.which_recent[node], (place & 1U) != 0) ? 1 : 0);
            place = node - kRecent;
        } else {
            const bool negative = coder_.bit(models_.negative, (truth & 0x80000000U) != 0);
            const std::uint32_t size = models_.shift.code(coder_, negative ? ~truth : truth);
            place = kRecent - 1;
            recent_[place] = negative ? ~size : size;
        }
        const std::uint32_t value = recent_[place];
        for (; place > 0; --place) recent_[place] = recent_[place - 1];
        recent_[0] = value;
        return value;
    }

    Made instruction() {
        std::uint32_t code = source_.half(place_.from);
        if (is_wide(code) && place_.left < 4) return {plain(Unit::Half, code, 2), 2};
        const std::uint32_t size = is_wide(code) ? 4 : 2;
        if (size == 4) code |= source_.half(place_.from + 2) << 16U;
        const std::uint32_t origin = from_old() ? 0 : source_.new_base();
        const std::optional<Reference> names = reference(code, place_.from - origin);
        if (!names) return {plain(size == 4 ? Unit::Wide : Unit::Half, code, size), size};
        if (names_data(names->kind)) marks_.mark(names->target + origin);
        return {relative(code, *names, size), size};
    }

    std::uint32_t relative(std::uint32_t code, const Reference& names, std::uint32_t size) {
        const auto unit =
            static_cast<Unit>(index(Unit::Branch) + static_cast<std::size_t>(names.kind));
        const std::uint32_t mapped = moved(names.target);
        const std::uint32_t key = base_ + names.target;
        const std::uint32_t target = mapped + (from_old() ? shifts_.exact(key) : 0);
        const std::uint32_t predicted =
            retarget(code, names.kind, place_.to, target).value_or(code);
        if (holds(unit, code, predicted, size)) return predicted;
        if (predicted != code &&
            coder_.bit(models_.raw[index(unit)], masked(truth_, size) == code)) {
            return code;
        }
        const std::optional<std::uint32_t> real = real_target(code, names.kind, target, size);
        if (coder_.bit(models_.not_target[index(unit)], !real)) return exact(code, size);
        const std::uint32_t corrected = target + shift(real.value_or(target) - target);
        if (from_old()) shifts_.learn(key, corrected - mapped);
        return retarget(code, names.kind, place_.to, corrected).value_or(code);
    }

    /// For an encoder: what the new instruction names, if all else of it is as in the source.
    [[nodiscard]] std::optional<std::uint32_t> real_target(std::uint32_t code, Relative kind,
                                                           std::uint32_t expected,
                                                           std::uint32_t size) const {
        if constexpr (Coder::kEncodes) {
            const auto names = reference(masked(truth_, size), place_.to);
            if (names && names->kind == kind && !is_far(names->target - expected) &&
                retarget(code, kind, place_.to, names->target) == masked(truth_, size)) {
                return names->target;
            }
        }
        return std::nullopt;
    }

    std::uint32_t plain(Unit unit, std::uint32_t raw, std::uint32_t size) {
        return holds(unit, raw, raw, size) ? raw : exact(raw, size);
    }

    /// Bytes that differ from the source in no way that we know.
    std::uint32_t exact(std::uint32_t raw, std::uint32_t size) {
        std::uint32_t value = 0;
        for (std::uint32_t i = 0; i < size; ++i) {
            const auto from = static_cast<std::uint8_t>(raw >> (8 * i));
            const auto to = static_cast<std::uint8_t>(truth_ >> (8 * i));
            std::uint32_t byte = from;
            if (coder_.bit(models_.byte_differs[i], from != to)) {
                byte +=
                    models_.difference[i & 1U].code(coder_, static_cast<std::uint8_t>(to - from));
            }
            value |= (byte & 0xFFU) << (8 * i);
        }
        return value;
    }

    static constexpr std::uint32_t kRecent = 4;

    Coder& coder_;
    const Source& source_;
    const CopyMap& map_;
    std::uint32_t base_;  ///< address at which byte 0 of the image runs
    Place place_;
    std::uint32_t truth_ = 0;
    bool marked_ = false;
    UnitModels models_;
    PoolMarks marks_;
    LearnedShifts shifts_;
    std::array<std::uint32_t, kRecent> recent_{4, 8, 2, 16};
    std::uint32_t since_surprise_ = 100;
};

}  // namespace compot::bundle
