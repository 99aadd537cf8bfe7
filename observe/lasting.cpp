#include "observe/lasting.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/base/check.hpp"

namespace compot::observe {

namespace {

/// Asked from the newest event to the oldest: does this one still show?
class Shows {
public:
    explicit Shows(const FeedLimits& limits) : limits_(limits) {}

    bool operator()(const NodeCard& card) { return cards_.insert(card.id.value).second; }

    bool operator()(const PolicyMap& map) { return policies_.insert(map.id.value).second; }

    bool operator()(const Obstacle& obstacle) { return obstacles_.insert(obstacle.id).second; }

    bool operator()(const Site& site) { return sites_.insert(site.at.index()).second; }

    /// Of a flight that is not among the newest an end changes nothing.
    bool operator()(const FlightEnded&) const { return starts_ < limits_.packets; }

    bool operator()(const FlightStarted&) { return starts_++ < limits_.packets; }

    /// Jobs are few, and which of them are the newest depends on their first steps.
    bool operator()(const JobStep&) const { return true; }

    bool operator()(const LedgerLine&) { return ledger_++ < limits_.ledger_lines; }

    bool operator()(const Photo&) { return photos_++ < limits_.photos; }

    bool operator()(const LogLine&) { return log_++ < limits_.log_lines; }

private:
    const FeedLimits& limits_;
    std::unordered_set<std::uint32_t> cards_;
    std::unordered_set<std::uint32_t> policies_;
    std::unordered_set<std::uint32_t> obstacles_;
    std::unordered_set<std::uint32_t> sites_;
    std::size_t starts_ = 0;
    std::size_t ledger_ = 0;
    std::size_t photos_ = 0;
    std::size_t log_ = 0;
};

}  // namespace

std::vector<std::size_t> lasting(const std::vector<Event>& events, std::size_t count,
                                 const FeedLimits& limits) {
    COMPOT_CHECK(count <= events.size());
    Shows shows(limits);
    std::vector<std::size_t> places;
    for (std::size_t i = count; i-- > 0;)
        if (std::visit(shows, events[i].what)) places.push_back(i);
    std::reverse(places.begin(), places.end());
    return places;
}

}  // namespace compot::observe
