#include <algorithm>
#include <map>
#include <vector>

#include "core/bundle/source.hpp"
#include "core/bundle/thumb.hpp"
#include "edge/patch/maker.hpp"

namespace compot::patch {

namespace {

/// Words that literal loads name: constants and addresses, no code.
std::vector<std::uint32_t> literal_words(const bundle::Source& image) {
    std::vector<std::uint32_t> words;
    for (std::uint32_t at = 0; at + 1 < image.old_size(); at += 2) {
        const std::uint32_t code = image.half(at);
        if ((code & 0xF800U) != 0x4800U) continue;
        const auto names = bundle::reference(code, at);
        if (names && names->target + 4 <= image.old_size())
            words.push_back(image.word(names->target));
    }
    return words;
}

bool is_push(std::uint32_t code) { return (code & 0xFF00U) == 0xB500U || code == 0xE92DU; }

}  // namespace

std::uint32_t guess_base(BytesView bytes) {
    const bundle::Source image(bytes, {});
    std::vector<std::uint32_t> words = literal_words(image);
    for (std::uint32_t at = 4; at < 64 && at + 4 <= image.old_size(); at += 4)
        words.push_back(image.word(at));
    // Addresses of functions are odd and begin with a push; the base is where most of them do.
    std::map<std::uint32_t, int> votes;
    std::vector<std::uint32_t> entries;
    for (std::uint32_t at = 0; at + 1 < image.old_size(); at += 2)
        if (is_push(image.half(at))) entries.push_back(at);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    for (const std::uint32_t word : words) {
        if ((word & 1U) == 0 || word >= 0x1FFF0000U) continue;
        for (const std::uint32_t entry : entries) {
            const std::uint32_t base = word - 1 - entry;
            if (base <= word && (base & 0xFFFU) == 0) ++votes[base];
        }
    }
    std::uint32_t best = 0;
    int most = 2;  // fewer agree by chance
    for (const auto& [base, count] : votes) {
        if (count <= most) continue;
        most = count;
        best = base;
    }
    return best;
}

}  // namespace compot::patch
