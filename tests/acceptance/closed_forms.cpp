#include <fmt/core.h>

#include "tests/acceptance/forms/verdicts.hpp"

/// Ether and channel access against what formulas and data sheets say of them.

int main() {
    compot::forms::Verdicts verdicts;
    compot::forms::check_tables(verdicts);
    compot::forms::check_reception(verdicts);
    compot::forms::check_preambles(verdicts);
    compot::forms::check_sharing(verdicts);
    compot::forms::check_windows(verdicts);
    return verdicts.all_held() ? 0 : 1;
}
