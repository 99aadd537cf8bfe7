#include "observe/report/delays.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::report {

namespace {

constexpr std::int64_t kFineMs = 10;
constexpr std::int64_t kCoarseMs = 1000;
constexpr std::int64_t kFineUpToMs = 60'000;
constexpr std::int64_t kLongestMs = 3'600'000;
constexpr std::int64_t kFineClasses = kFineUpToMs / kFineMs;

std::size_t class_of(std::int64_t ms) {
    ms = std::clamp<std::int64_t>(ms, 0, kLongestMs);
    if (ms < kFineUpToMs) return static_cast<std::size_t>(ms / kFineMs);
    return static_cast<std::size_t>(kFineClasses + (ms - kFineUpToMs) / kCoarseMs);
}

std::int64_t edge_of(std::size_t number) {
    const auto place = static_cast<std::int64_t>(number);
    if (place < kFineClasses) return place * kFineMs;
    return kFineUpToMs + (place - kFineClasses) * kCoarseMs;
}

}  // namespace

void Delays::add(Duration delay) {
    const std::size_t number = class_of(to_ms(delay));
    if (number >= classes_.size()) classes_.resize(number + 1);
    ++classes_[number];
    ++count_;
}

std::optional<std::int64_t> Delays::quantile_ms(unsigned percent) const {
    COMPOT_CHECK(percent >= 1 && percent <= 100);
    if (count_ == 0) return std::nullopt;
    const std::uint64_t rank = (count_ * percent + 99) / 100;
    std::uint64_t seen = 0;
    std::size_t number = 0;
    while (seen + classes_[number] < rank) seen += classes_[number++];
    return edge_of(number);
}

}  // namespace compot::report
