#include "observe/happening.hpp"

namespace compot::observe {

namespace {

struct Teller {
    Sink& sink;
    Time at;

    void operator()(const NodeCard& card) const { sink.node(at, card); }

    void operator()(const PolicyMap& map) const { sink.policy(at, map); }

    void operator()(const FlightStarted& flight) const { sink.flight_started(at, flight); }

    void operator()(const FlightEnded& flight) const { sink.flight_ended(at, flight); }

    void operator()(const JobStep& step) const { sink.job(at, step); }

    void operator()(const LedgerLine& line) const { sink.ledger(at, line); }

    void operator()(const Obstacle& obstacle) const { sink.obstacle(at, obstacle); }

    void operator()(const Site& site) const { sink.site(at, site); }

    void operator()(const Photo& photo) const { sink.photo(at, photo); }

    void operator()(const LogLine& line) const { sink.log(at, line); }
};

}  // namespace

void tell(Sink& sink, const Event& event) { std::visit(Teller{sink, event.at}, event.what); }

}  // namespace compot::observe
