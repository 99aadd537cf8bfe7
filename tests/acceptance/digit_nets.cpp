#include "tests/acceptance/digit_nets.hpp"

namespace compot::acceptance {

namespace {

std::vector<std::uint8_t> tuned(DenseNet net, const DenseNet::Grid& grid, const Pictures& pictures,
                                const DenseNet::Course& course) {
    Random random(7);
    net.learn(pictures, course, random);
    return net.quantised(grid);
}

}  // namespace

DigitNets train_digit_nets(const Pictures& digits) {
    constexpr std::size_t kTraining = 1297;
    const Pictures seen(digits.begin(), digits.begin() + kTraining);
    const Pictures other = displaced(digits);
    const Pictures other_seen(other.begin(), other.begin() + kTraining);
    Random random(1);
    DenseNet net({64, 192, 128, 10}, random);
    net.learn(seen, {30, 0.05F, 0}, random);
    Pictures both = seen;
    both.insert(both.end(), other_seen.begin(), other_seen.end());
    const DenseNet::Grid grid = net.grid(both);
    net.snap(grid);
    DigitNets nets;
    nets.seen = other_seen;
    nets.unseen.assign(other.begin() + kTraining, other.end());
    nets.base = net.quantised(grid);
    nets.head = tuned(net, grid, other_seen, {20, 0.02F, 2});
    nets.light = tuned(net, grid, other_seen, {2, 0.005F, 0});
    nets.full = tuned(net, grid, other_seen, {20, 0.01F, 0});
    nets.thrifty_head = tuned(net, grid, other_seen, {20, 0.05F, 2, 0.01F});
    nets.thrifty_full = tuned(net, grid, other_seen, {20, 0.02F, 0, 0.003F});
    Random again(2);
    DenseNet fresh({64, 192, 128, 10}, again);
    fresh.learn(other_seen, {30, 0.05F, 0}, again);
    nets.retrained = fresh.quantised(grid);
    return nets;
}

}  // namespace compot::acceptance
