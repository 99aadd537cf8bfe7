#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What a person meant who wrote a word that nobody knows. It knows nothing of where words stand.

namespace compot::scenario {

/// More than these, and another word was meant.
inline constexpr std::size_t kTypingErrorsMost = 2;

/// Letters added, left out or changed (Levenshtein).
[[nodiscard]] std::size_t typing_errors(std::string_view found, std::string_view meant);

/// The one of `words` that `found` looks like most; empty when it looks like none.
template <typename Words>
[[nodiscard]] std::string word_meant(std::string_view found, const Words& words) {
    std::string meant;
    std::size_t least = kTypingErrorsMost + 1;
    for (const std::string& word : words) {
        const std::size_t errors = typing_errors(found, word);
        if (errors >= least || errors >= word.size()) continue;
        least = errors;
        meant = word;
    }
    return meant;
}

}  // namespace compot::scenario
