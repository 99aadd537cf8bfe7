#include "tests/acceptance/bridge/broker.hpp"

#include <algorithm>

namespace compot::two_sites {

namespace {

const std::string kShared = "$share/compots/";

}  // namespace

void Broker::subscribe(std::size_t which, const std::vector<std::string>& filters) {
    Subscriber& who = subscribers_[which];
    who.filters = {filters.begin(), filters.end()};
    who.phase = Duration{random_.between(0, static_cast<std::int32_t>(terms_.every / 1s)) * 1s};
}

bool Broker::is_up(std::size_t which, Time now) const {
    const Duration at = (now.time_since_epoch() + subscribers_.at(which).phase) % terms_.every;
    return at < terms_.up;
}

bool Broker::wants(const Subscriber& who, const std::string& topic) {
    return std::any_of(who.filters.begin(), who.filters.end(), [&](const std::string& filter) {
        if (!filter.ends_with("/+")) return filter == topic;
        const std::string folder = filter.substr(0, filter.size() - 1);
        return topic.starts_with(folder);
    });
}

Broker::Subscriber* Broker::one_helper(const std::string& topic) {
    std::vector<Subscriber*> helpers;
    for (auto& [which, who] : subscribers_) {
        if (who.filters.count(kShared + topic) != 0) helpers.push_back(&who);
    }
    return helpers.empty() ? nullptr : helpers[next_helper_++ % helpers.size()];
}

void Broker::put(Subscriber& to, const bridge::ByteString& envelope, Time now) {
    const unsigned copies = random_.below(100) < terms_.twice_percent ? 2 : 1;
    for (unsigned i = 0; i < copies; ++i) {
        const bool late = random_.below(100) < terms_.late_percent;
        const Duration delay =
            late ? Duration{random_.between(0, static_cast<std::int32_t>(terms_.late_most / 1s)) *
                            1s}
                 : Duration{};
        to.waiting.emplace(now + 2 * terms_.latency + delay, envelope);
    }
}

void Broker::publish(std::size_t from, const bridge::Out& out, Time now) {
    overheard_.push_back(out.envelope);
    if (Subscriber* helper = one_helper(out.topic)) return put(*helper, out.envelope, now);
    for (auto& [which, who] : subscribers_) {
        if (which != from && wants(who, out.topic)) put(who, out.envelope, now);
    }
}

std::vector<bridge::ByteString> Broker::deliver(std::size_t to, Time now) {
    std::vector<bridge::ByteString> come;
    Subscriber& who = subscribers_.at(to);
    while (is_up(to, now) && !who.waiting.empty() && who.waiting.begin()->first <= now) {
        come.push_back(std::move(who.waiting.begin()->second));
        who.waiting.erase(who.waiting.begin());
    }
    return come;
}

}  // namespace compot::two_sites
