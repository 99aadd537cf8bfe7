#include "sim/scenario/envelope.hpp"

namespace compot::scenario {

learn::Envelope read_envelope(Section section) {
    using learn::Envelope;
    Envelope envelope;
    if (section.has("opens")) envelope.openable = 0;
    for (const std::string& held : section.texts("opens")) {
        if (held == "unclassified") {
            envelope.openable |= Envelope::kUnclassified;
        } else if (held == "IMMOVABLE") {
            envelope.openable |= Envelope::kImmovable;
        } else if (held == "DANGEROUS") {
            envelope.openable |= Envelope::kDangerous;
        } else {
            section.fail("opens", "expected unclassified, IMMOVABLE or DANGEROUS; found " + held);
        }
    }
    envelope.may_push = section.boolean("pushes", envelope.may_push);
    envelope.facts_max =
        static_cast<std::uint8_t>(section.integer("facts_max", envelope.facts_max, 0, 12));
    envelope.opened_max =
        static_cast<std::uint8_t>(section.integer("opened_max", envelope.opened_max, 0, 12));
    envelope.low = section.cell("from", envelope.low);
    envelope.high = section.cell("to", envelope.high);
    if (envelope.low.x > envelope.high.x || envelope.low.y > envelope.high.y)
        section.fail("to", "expected a tile to the right of and below \"from\"");
    section.finish();
    return envelope;
}

}  // namespace compot::scenario
