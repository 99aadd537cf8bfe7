#include "sim/scenario/spelling.hpp"

#include <algorithm>
#include <vector>

namespace compot::scenario {

std::size_t typing_errors(std::string_view found, std::string_view meant) {
    std::vector<std::size_t> row(meant.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (const char letter : found) {
        std::size_t diagonal = row[0]++;
        for (std::size_t i = 1; i < row.size(); ++i) {
            const std::size_t above = row[i];
            row[i] = std::min(
                {above + 1, row[i - 1] + 1, diagonal + (letter == meant[i - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace compot::scenario
