#pragma once

#include <variant>

#include "observe/sink.hpp"

/// Everything that a Sink can be told, as one value, so that it can be stored, sent and told again.

namespace compot::observe {

using Happening = std::variant<NodeCard, PolicyMap, FlightStarted, FlightEnded, JobStep, LedgerLine,
                               Obstacle, Site, Photo, LogLine>;

struct Event {
    Time at{};
    Happening what;
};

void tell(Sink& sink, const Event& event);

/// A Sink for whoever handles all happenings alike.
class EventSink : public Sink {
public:
    virtual void event(Event event) = 0;

    void node(Time at, const NodeCard& card) final { event({at, card}); }

    void policy(Time at, const PolicyMap& map) final { event({at, map}); }

    void flight_started(Time at, const FlightStarted& flight) final { event({at, flight}); }

    void flight_ended(Time at, const FlightEnded& flight) final { event({at, flight}); }

    void job(Time at, const JobStep& step) final { event({at, step}); }

    void ledger(Time at, const LedgerLine& line) final { event({at, line}); }

    void obstacle(Time at, const Obstacle& obstacle) final { event({at, obstacle}); }

    void site(Time at, const Site& site) final { event({at, site}); }

    void photo(Time at, const Photo& photo) final { event({at, photo}); }

    void log(Time at, const LogLine& line) final { event({at, line}); }
};

/// Tells every sink in turn.
class Fanout final : public EventSink {
public:
    void add(Sink& sink) { sinks_.push_back(&sink); }

    void event(Event event) override {
        for (Sink* sink : sinks_) tell(*sink, event);
    }

private:
    std::vector<Sink*> sinks_;
};

}  // namespace compot::observe
