#include <fmt/core.h>

#include "tests/acceptance/forms/air_lab.hpp"
#include "tests/acceptance/forms/verdicts.hpp"

/// When a second frame comes matters: what ends before the last five preamble symbols does no harm,
/// and a receiver that has locked on does not change over to a stronger one.

namespace compot::forms {

namespace {

using observe::Fate;

constexpr std::size_t kBytes = 60;
constexpr std::int32_t kWell = 1000;

struct Fates {
    bool earlier = false;
    bool later = false;
};

/// Two frames of LongFast, the later one `offset` after the earlier one's begin and
/// `stronger_cdb` stronger.
Fates pair(Duration offset, std::int32_t stronger_cdb) {
    const air::Modem modem = air::modem(air::Preset::LongFast);
    AirLab lab(modem, {kWell, kWell + stronger_cdb});
    const ether::Flight first = *lab.ether().begin(1, kBytes, Time{});
    const Duration airtime = *air::airtime(modem, kBytes);
    Fates fates;
    if (offset >= airtime) {
        fates.earlier = lab.fate(first) == Fate::Decoded;
        const ether::Flight second = *lab.ether().begin(2, kBytes, Time{offset});
        fates.later = lab.fate(second) == Fate::Decoded;
        return fates;
    }
    const ether::Flight second = *lab.ether().begin(2, kBytes, Time{offset});
    fates.earlier = lab.fate(first) == Fate::Decoded;
    fates.later = lab.fate(second) == Fate::Decoded;
    return fates;
}

}  // namespace

void check_preambles(Verdicts& verdicts) {
    const air::Modem modem = air::modem(air::Preset::LongFast);
    const Duration symbol = air::symbol(modem);
    const Duration airtime = *air::airtime(modem, kBytes);
    int wrong = 0;
    for (int overlap = 0; overlap <= 20; ++overlap) {
        const bool spared = pair(airtime - symbol * overlap, 0).later;
        wrong += spared == (overlap <= 11) ? 0 : 1;
    }
    verdicts.expect(wrong == 0,
                    fmt::format("a frame whose first 0 to 20 symbols an earlier one covers is lost "
                                "from the twelfth on (five of 16 must be clear): wrong {}, "
                                "threshold 0",
                                wrong));
    wrong = 0;
    for (int symbols = 1; symbols <= 30; ++symbols) {
        const Fates fates = pair(symbol * symbols, 2000);
        wrong += fates.later == (symbols < 5) ? 0 : 1;
        wrong += fates.earlier ? 1 : 0;
    }
    verdicts.expect(wrong == 0,
                    fmt::format("a frame 20 dB stronger, 1 to 30 symbols later, wins in the first "
                                "four and then both are lost: wrong {}, threshold 0",
                                wrong));
    wrong = 0;
    for (int symbols = 1; symbols <= 30; ++symbols) {
        const Fates fates = pair(symbol * symbols, -600);
        wrong += fates.earlier && !fates.later ? 0 : 1;
        wrong += pair(symbol * symbols, -590).earlier ? 1 : 0;
    }
    verdicts.expect(wrong == 0,
                    fmt::format("an earlier frame survives one 6.0 dB weaker and not one "
                                "5.9 dB weaker: wrong {}, threshold 0",
                                wrong));
}

}  // namespace compot::forms
