#include "sim/meshtasticator/python_random.hpp"

#include <algorithm>
#include <array>

namespace compot::meshtasticator {
namespace {

/// How a Mersenne Twister is seeded from one word as from an array of one: std::mt19937 itself
/// knows only the older way. SOURCE: Matsumoto and Nishimura, init_by_array of 2002.
class ArrayOfOne {
public:
    using result_type = std::uint_least32_t;

    explicit ArrayOfOne(std::uint32_t seed) : seed_(seed) {}

    template <typename Iterator>
    void generate(Iterator begin, Iterator end) const {
        std::array<std::uint32_t, std::mt19937::state_size> state{};
        fill(state);
        std::copy_n(state.begin(), end - begin, begin);
    }

private:
    static std::uint32_t mixed(std::uint32_t before, std::uint32_t factor) {
        return (before ^ (before >> 30U)) * factor;
    }

    void fill(std::array<std::uint32_t, std::mt19937::state_size>& state) const {
        constexpr std::size_t kSize = std::mt19937::state_size;
        state[0] = 19'650'218;
        for (std::uint32_t i = 1; i < kSize; ++i) state[i] = mixed(state[i - 1], 1'812'433'253) + i;
        std::size_t at = 1;
        const auto next = [&] {
            if (++at < kSize) return;
            state[0] = state[kSize - 1];
            at = 1;
        };
        for (std::size_t i = 0; i < kSize; ++i, next())
            state[at] = (state[at] ^ mixed(state[at - 1], 1'664'525)) + seed_;
        for (std::size_t i = 1; i < kSize; ++i, next())
            state[at] =
                (state[at] ^ mixed(state[at - 1], 1'566'083'941)) - static_cast<std::uint32_t>(at);
        state[0] = 0x80000000U;
    }

    std::uint32_t seed_;
};

std::mt19937 seeded(std::uint32_t seed) {
    ArrayOfOne words(seed);
    return std::mt19937(words);
}

}  // namespace

PythonRandom::PythonRandom(std::uint32_t seed) : words_(seeded(seed)) {}

double PythonRandom::unit() {
    const std::uint64_t high = words_() >> 5U;
    const std::uint64_t low = words_() >> 6U;
    return static_cast<double>(high << 26U | low) / static_cast<double>(std::uint64_t{1} << 53U);
}

std::uint32_t PythonRandom::below(std::uint32_t bound) {
    unsigned bits = 0;
    while (bound >> bits != 0) ++bits;
    for (;;) {
        const std::uint_fast32_t drawn = words_() >> (32U - bits);
        if (drawn < bound) return static_cast<std::uint32_t>(drawn);
    }
}

}  // namespace compot::meshtasticator
