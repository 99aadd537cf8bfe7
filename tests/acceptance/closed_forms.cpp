#include <cstdlib>

#include "tests/acceptance/forms/verdicts.hpp"

/// Ether and channel access against what formulas and data sheets say of them.
///
///     closed_forms [PART]    with samples of a PART-th of their size

int main(int argc, char** argv) {
    const long part = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1;
    compot::forms::Verdicts verdicts(part < 1 ? 1 : static_cast<std::size_t>(part));
    compot::forms::check_tables(verdicts);
    compot::forms::check_reception(verdicts);
    compot::forms::check_preambles(verdicts);
    compot::forms::check_sharing(verdicts);
    compot::forms::check_windows(verdicts);
    return verdicts.all_held() ? 0 : 1;
}
