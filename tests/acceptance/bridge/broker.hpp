#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "core/base/random.hpp"
#include "host/bridge/site.hpp"

/// A broker as the worst that it may be without breaking its word: it keeps what comes for who is
/// away, and repeats, reorders and delays by minutes. Links are up one minute of ten, each at its
/// own time. Simulated time.

namespace compot::two_sites {

struct LinkTerms {
    Duration every = 10min;
    Duration up = 1min;
    Duration latency = 700ms;  ///< of a satellite, one way
    std::uint32_t twice_percent = 15;
    std::uint32_t late_percent = 15;  ///< by up to
    Duration late_most = 5min;
};

class Broker {
public:
    Broker(const LinkTerms& terms, std::uint64_t seed) : terms_(terms), random_(seed) {}

    /// Site `which` and what it hears; the phase of its link is drawn.
    void subscribe(std::size_t which, const std::vector<std::string>& filters);

    [[nodiscard]] bool is_up(std::size_t which, Time now) const;

    void publish(std::size_t from, const bridge::Out& out, Time now);

    /// What has come for it and can reach it now.
    [[nodiscard]] std::vector<bridge::ByteString> deliver(std::size_t to, Time now);

    /// Everything that was ever said, for who would say it again.
    [[nodiscard]] const std::vector<bridge::ByteString>& overheard() const { return overheard_; }

private:
    struct Subscriber {
        std::set<std::string> filters;
        Duration phase{};
        std::multimap<Time, bridge::ByteString> waiting;
    };

    void put(Subscriber& to, const bridge::ByteString& envelope, Time now);
    [[nodiscard]] static bool wants(const Subscriber& who, const std::string& topic);
    /// Of those who share a subscription to it; null when there are none.
    [[nodiscard]] Subscriber* one_helper(const std::string& topic);

    LinkTerms terms_;
    Random random_;
    std::map<std::size_t, Subscriber> subscribers_;
    std::size_t next_helper_ = 0;
    std::vector<bridge::ByteString> overheard_;
};

}  // namespace compot::two_sites
