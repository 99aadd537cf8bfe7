#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bundle/delta_models.hpp"
#include "core/bundle/unit_codec.hpp"
#include "edge/patch/maker.hpp"

/// Counts bits by account, unit, stretch and section of the new image, while a patch is made or
/// read.

namespace compot::patch {

class Book {
public:
    Book(std::size_t new_size, const std::vector<Section>& sections) : new_size_(new_size) {
        for (const Section& section : sections) spending.sections.push_back({section, {}});
    }

    /// What follows is paid for the byte at `at`.
    void enter(std::uint32_t at) {
        stretch_ = std::size_t{at} * Spending::kStretches / new_size_;
        section_ = 0;
        while (section_ < spending.sections.size() &&
               at - spending.sections[section_].section.start >=
                   spending.sections[section_].section.length) {
            ++section_;
        }
    }

    void pay(bundle::Account what, std::uint8_t unit, float bits) {
        const auto account = static_cast<std::size_t>(what);
        const auto paid = static_cast<double>(bits);
        total += paid;
        spending.bits[account] += paid;
        spending.stretches[stretch_][account] += paid;
        if (section_ < spending.sections.size()) spending.sections[section_].bits[account] += paid;
        if (what == bundle::Account::Flags || what == bundle::Account::Corrections)
            spending.surprises[unit] += paid;
    }

    Spending spending;
    double total = 0;

private:
    std::size_t new_size_;
    std::size_t stretch_ = 0;
    std::size_t section_ = 0;
};

}  // namespace compot::patch
