#include "sim/deployment/placement.hpp"

#include <algorithm>
#include <utility>

#include "core/base/fixed_math.hpp"
#include "sim/deployment/read.hpp"

namespace compot::deployment {

namespace {

constexpr std::uint64_t kPlaces = 0x91AC;
constexpr std::uint64_t kRoles = 0x401E;
constexpr int kTriesMost = 1000;  ///< to find one node a place

using Point = std::pair<std::int32_t, std::int32_t>;

std::string metres(std::int32_t cm) {
    const std::string whole = std::to_string(cm / 100);
    if (cm % 100 == 0) return whole;
    return whole + "." + std::to_string(cm / 10 % 10) + std::to_string(cm % 10);
}

class Placer {
public:
    Placer(const Place& place, std::size_t nodes, std::uint64_t seed)
        : place_(place), random_(seed, 0, kPlaces) {
        if (place.how == Place::How::Clusters)
            for (std::uint32_t i = 0; i < place.clusters; ++i) middles_.push_back(anywhere());
        if (place.how == Place::How::Grid) lay_out(nodes);
    }

    void taken(const ether::Position& at) { taken_.emplace_back(at.x_cm, at.y_cm); }

    /// Nothing when there is no room.
    std::optional<Point> next() {
        const int tries = place_.how == Place::How::Grid ? 1 : kTriesMost;
        for (int i = 0; i < tries; ++i) {
            const Point point = propose();
            if (!free(point)) continue;
            taken_.push_back(point);
            ++placed_;
            return point;
        }
        return std::nullopt;
    }

private:
    Point anywhere() {
        return {random_.between(0, place_.width_cm), random_.between(0, place_.height_cm)};
    }

    /// As many columns and rows as make the meshes of the grid about square.
    void lay_out(std::size_t nodes) {
        const auto wide = static_cast<std::uint64_t>(place_.width_cm);
        const auto high = static_cast<std::uint64_t>(place_.height_cm);
        columns_ = std::max<std::uint64_t>(square_root(nodes * wide / high), 1);
        while (columns_ * columns_ * high < nodes * wide) ++columns_;
        rows_ = (nodes + columns_ - 1) / columns_;
    }

    Point propose() {
        switch (place_.how) {
            case Place::How::Random: break;
            case Place::How::Grid: {
                const std::uint64_t column = placed_ % columns_;
                const std::uint64_t row = placed_ / columns_;
                const auto middle = [](std::uint64_t i, std::int32_t side, std::uint64_t parts) {
                    return static_cast<std::int32_t>(
                        (2 * i + 1) * static_cast<std::uint64_t>(side) / (2 * parts));
                };
                return {middle(column, place_.width_cm, columns_),
                        middle(row, place_.height_cm, rows_)};
            }
            case Place::How::Clusters: {
                const Point& middle = middles_[placed_ % middles_.size()];
                return {std::clamp(middle.first + normal(random_, place_.spread_cm), 0,
                                   place_.width_cm),
                        std::clamp(middle.second + normal(random_, place_.spread_cm), 0,
                                   place_.height_cm)};
            }
        }
        return anywhere();
    }

    [[nodiscard]] bool free(const Point& point) const {
        const std::int64_t least = std::int64_t{place_.least_cm} * place_.least_cm;
        return std::none_of(taken_.begin(), taken_.end(), [&](const Point& other) {
            const std::int64_t x = std::int64_t{other.first} - point.first;
            const std::int64_t y = std::int64_t{other.second} - point.second;
            return x * x + y * y < least;
        });
    }

    const Place& place_;
    Random random_;
    std::vector<Point> middles_;
    std::vector<Point> taken_;
    std::uint64_t columns_ = 1;
    std::uint64_t rows_ = 1;
    std::uint64_t placed_ = 0;
};

Failure no_room(const Deployment& deployment, std::size_t placed) {
    const Place& place = deployment.place;
    return {deployment.file + ": mesh.place.least_m: no room: " + std::to_string(placed) + " of " +
            std::to_string(deployment.nodes) + " nodes found a place with " +
            metres(place.least_cm) + " m between them in " + metres(place.width_cm) + " m x " +
            metres(place.height_cm) + " m"};
}

/// So many of each role among the nodes that are not listed, chosen by the seed.
void hand_out_roles(const Deployment& deployment, std::uint64_t seed,
                    std::vector<NodePlan>& nodes) {
    std::vector<std::size_t> order;
    for (std::size_t i = deployment.listed.size(); i < nodes.size(); ++i) order.push_back(i);
    Random random(seed, 0, kRoles);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    auto next = order.begin();
    for (const RoleShare& share : deployment.roles)
        for (std::uint32_t i = 0; i < share.nodes && next != order.end(); ++i)
            nodes[*next++].role = share.role;
}

}  // namespace

Result<std::vector<NodePlan>, Failure> place(const Deployment& deployment, std::uint64_t seed) {
    std::vector<NodePlan> nodes = deployment.listed;
    while (nodes.size() < deployment.nodes) {
        NodePlan plan = deployment.common;
        plan.name = default_name(nodes.size());
        nodes.push_back(std::move(plan));
    }
    hand_out_roles(deployment, seed, nodes);
    for (std::size_t i = 0; i < deployment.measured_places.size(); ++i)
        if (!nodes[i].at) nodes[i].at = deployment.measured_places[i];
    auto placed = static_cast<std::size_t>(std::count_if(
        nodes.begin(), nodes.end(), [](const NodePlan& node) { return node.at.has_value(); }));
    Placer placer(deployment.place, nodes.size() - placed, seed);
    for (const NodePlan& node : nodes)
        if (node.at) placer.taken(*node.at);
    for (NodePlan& node : nodes) {
        if (node.at) continue;
        const auto point = placer.next();
        if (!point) return no_room(deployment, placed);
        node.at = ether::Position{point->first, point->second, node.antenna_cm};
        ++placed;
    }
    return nodes;
}

}  // namespace compot::deployment
