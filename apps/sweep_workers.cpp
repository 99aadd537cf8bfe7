#include "apps/sweep_workers.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/check.hpp"
#include "edge/scene/net_classifier.hpp"
#include "sim/sweep/run.hpp"

namespace compot::apps {

namespace {

/// What the workers share.
class Work {
public:
    Work(SweepFolder& folder, const SweepProgress& progress)
        : folder_(folder), progress_(progress) {
        for (std::size_t i = 0; i < folder.plan().cells(); ++i)
            if (!folder.result(sweep::cell(folder.plan(), i))) missing_.push_back(i);
        progress_(folder.plan().cells() - missing_.size(), folder.plan().cells());
    }

    /// Cell after cell until none is left or a worker has failed.
    void take_part() {
        // An API would give each run another answer; the net that is built in never does.
        const auto classifier = scene::NetClassifier::built_in();
        for (std::size_t i = next_++; i < missing_.size(); i = next_++) {
            const sweep::Cell cell = sweep::cell(folder_.plan(), missing_[i]);
            try {
                folder_.keep(cell, sweep::run_cell(folder_.plan(), cell, *classifier));
            } catch (...) {
                const std::lock_guard lock(mutex_);
                failure_ = std::current_exception();
                next_ = missing_.size();
                return;
            }
            const std::lock_guard lock(mutex_);
            ++done_;
            progress_(folder_.plan().cells() - missing_.size() + done_, folder_.plan().cells());
        }
    }

    void rethrow() const {
        if (failure_) std::rethrow_exception(failure_);
    }

    [[nodiscard]] std::size_t left() const { return missing_.size(); }

private:
    SweepFolder& folder_;
    const SweepProgress& progress_;
    std::vector<std::size_t> missing_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;  // guards what follows, and the progress
    std::size_t done_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

void run_cells(SweepFolder& folder, std::size_t workers, const SweepProgress& progress) {
    COMPOT_CHECK(workers > 0);
    Work work(folder, progress);
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(workers, work.left()); ++i)
        threads.emplace_back([&work] { work.take_part(); });
    work.take_part();
    for (std::thread& thread : threads) thread.join();
    work.rethrow();
}

}  // namespace compot::apps
