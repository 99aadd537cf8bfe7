#pragma once

#include "apps/sweep_workers.hpp"

/// A sweep over the processes of an MPI job (mpirun, srun). Rank 0 has the folder and hands out the
/// cells; the others need nothing but the program: the plan comes with the first message. Only in a
/// build with -DCOMPOT_MPI=ON.

namespace compot::apps {

class MpiJob {
public:
    /// Throws std::runtime_error in a build without MPI.
    MpiJob();
    ~MpiJob();

    MpiJob(const MpiJob&) = delete;
    MpiJob& operator=(const MpiJob&) = delete;

    /// Whether this process has the folder.
    [[nodiscard]] bool leads() const { return rank_ == 0; }

    /// REQUIRES: leads(). As run_cells(): with no other process it runs them all itself. A failure
    /// ends the whole job.
    void hand_out(SweepFolder& folder, const SweepProgress& progress);

    /// REQUIRES: !leads(). Until there is no work left. Throws when the leader runs another build,
    /// named by `program`.
    void serve(const std::string& program);

    /// Ends all processes of the job, for a failure that this one has told of.
    void abort();

private:
    int rank_ = 0;
    [[maybe_unused]] int size_ = 1;  ///< not asked for by a build without MPI
};

}  // namespace compot::apps
