#include <stdexcept>

#include "apps/sweep_mpi.hpp"

namespace compot::apps {

MpiJob::MpiJob() {
    throw std::runtime_error(
        "sweep: --mpi: this build has no MPI; configure with -DCOMPOT_MPI=ON (needs "
        "libopenmpi-dev)");
}

MpiJob::~MpiJob() = default;

void MpiJob::abort() {}

void MpiJob::hand_out(SweepFolder&, const SweepProgress&) {}

void MpiJob::serve(const std::string&) {}

}  // namespace compot::apps
