#include "apps/sweep_mpi.hpp"

#include <mpi.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "edge/scene/net_classifier.hpp"
#include "sim/sweep/run.hpp"

namespace compot::apps {

namespace {

constexpr int kTagPlan = 1;
constexpr int kTagCell = 2;    ///< from the leader: an index, or kNoMore
constexpr int kTagResult = 3;  ///< to the leader: a result; empty from who asks for its first cell
constexpr std::int64_t kNoMore = -1;

void send_text(const std::string& text, int to, int tag) {
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, to, tag, MPI_COMM_WORLD);
}

/// A text of any length, and who sent it.
std::string receive_text(int& from, int tag) {
    MPI_Status status;
    MPI_Probe(from, tag, MPI_COMM_WORLD, &status);
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    std::string text(static_cast<std::size_t>(size), '\0');
    from = status.MPI_SOURCE;
    MPI_Recv(text.data(), size, MPI_CHAR, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return text;
}

void send_index(std::int64_t index, int to) {
    MPI_Send(&index, 1, MPI_INT64_T, to, kTagCell, MPI_COMM_WORLD);
}

std::vector<std::size_t> missing_cells(const SweepFolder& folder) {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < folder.plan().cells(); ++i)
        if (!folder.result(sweep::cell(folder.plan(), i))) missing.push_back(i);
    return missing;
}

}  // namespace

MpiJob::MpiJob() {
    MPI_Init(nullptr, nullptr);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

MpiJob::~MpiJob() { MPI_Finalize(); }

void MpiJob::abort() { MPI_Abort(MPI_COMM_WORLD, 1); }

void MpiJob::hand_out(SweepFolder& folder, const SweepProgress& progress) {
    if (size_ == 1) return run_cells(folder, 1, progress);
    const std::size_t all = folder.plan().cells();
    const std::vector<std::size_t> missing = missing_cells(folder);
    const std::string plan = sweep::to_json(folder.plan());
    for (int to = 1; to < size_; ++to) send_text(plan, to, kTagPlan);
    std::vector<std::size_t> given(static_cast<std::size_t>(size_));
    std::size_t next = 0;
    std::size_t done = all - missing.size();
    progress(done, all);
    for (int busy = size_ - 1; busy > 0;) {
        int from = MPI_ANY_SOURCE;
        const std::string result = receive_text(from, kTagResult);
        std::size_t& cell = given[static_cast<std::size_t>(from)];
        if (!result.empty()) {
            folder.keep(sweep::cell(folder.plan(), cell), result);
            progress(++done, all);
        }
        if (next < missing.size()) {
            cell = missing[next++];
            send_index(static_cast<std::int64_t>(cell), from);
        } else {
            send_index(kNoMore, from);
            --busy;
        }
    }
}

void MpiJob::serve(const std::string& program) {
    int leader = 0;
    const auto plan = sweep::from_json(receive_text(leader, kTagPlan));
    if (!plan || plan->program != program)
        throw std::runtime_error("sweep: rank " + std::to_string(rank_) +
                                 " runs another build of this program than rank 0");
    const auto classifier = scene::NetClassifier::built_in();
    std::string result;
    for (;;) {
        send_text(result, leader, kTagResult);
        std::int64_t index = 0;
        MPI_Recv(&index, 1, MPI_INT64_T, leader, kTagCell, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (index == kNoMore) return;
        const sweep::Cell cell = sweep::cell(*plan, static_cast<std::size_t>(index));
        result = sweep::run_cell(*plan, cell, *classifier);
    }
}

}  // namespace compot::apps
