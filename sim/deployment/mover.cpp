#include "sim/deployment/mover.hpp"

#include <algorithm>
#include <utility>

#include "core/base/fixed_math.hpp"

namespace compot::deployment {

namespace {

constexpr std::uint64_t kWhoMoves = 0x3011;
constexpr std::uint64_t kMoves = 0x3012;

}  // namespace

Movers::Movers(const Deployment& deployment, const std::vector<NodePlan>& nodes, std::uint64_t seed)
    : terms_(deployment.mobility), place_(deployment.place) {
    std::vector<std::size_t> order(nodes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    Random random(seed, 0, kWhoMoves);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    const std::size_t count = (nodes.size() * terms_.permille + 500) / 1000;
    order.resize(count);
    std::sort(order.begin(), order.end());
    for (const std::size_t node : order) {
        Mover mover{node, *nodes[node].at, {}, {}, {}, {}, {}, Random(seed, node, kMoves)};
        mover.to = mover.at;
        set_out(mover, Time{});
        movers_.push_back(mover);
    }
}

void Movers::set_out(Mover& mover, Time now) {
    mover.from = mover.to;
    mover.to = {mover.random.between(0, place_.width_cm), mover.random.between(0, place_.height_cm),
                mover.from.z_cm};
    const auto speed = mover.random.between(terms_.slowest_cm_s, terms_.fastest_cm_s);
    const std::int64_t distance = square_root(ether::distance_squared_cm2(mover.from, mover.to));
    const std::int64_t most_ms = to_ms(terms_.pause);
    mover.set_out = now;
    mover.arrives = now + Duration{distance * 1'000'000 / speed};
    mover.rested = mover.arrives + Duration{static_cast<std::int64_t>(mover.random.next32()) %
                                            (most_ms + 1) * 1000};
}

Movers::Step Movers::step(std::size_t which, Time now) {
    Mover& mover = movers_[which];
    while (mover.rested <= now) set_out(mover, mover.rested);
    ether::Position at = mover.to;
    if (now < mover.arrives) {
        const std::int64_t gone = to_ms(now - mover.set_out);
        const std::int64_t whole = std::max<std::int64_t>(to_ms(mover.arrives - mover.set_out), 1);
        const auto part = [&](std::int32_t a, std::int32_t b) {
            return static_cast<std::int32_t>(a + (std::int64_t{b} - a) * gone / whole);
        };
        at.x_cm = part(mover.from.x_cm, mover.to.x_cm);
        at.y_cm = part(mover.from.y_cm, mover.to.y_cm);
    }
    const bool moved = at.x_cm != mover.at.x_cm || at.y_cm != mover.at.y_cm;
    mover.at = at;
    return {mover.node, at, moved};
}

}  // namespace compot::deployment
