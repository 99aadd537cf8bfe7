#include "apps/command.hpp"

namespace compot::apps {

void add_version(Program& program) {
    program.cli.set_version_flag("--version", "compotastic " COMPOT_VERSION);
}

}  // namespace compot::apps
