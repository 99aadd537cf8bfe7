#include "sim/camera/canvas.hpp"

#include <algorithm>
#include <cstddef>

#include "core/base/random.hpp"

namespace compot::camera {

namespace {

std::uint64_t hash(std::uint64_t key, int x, int y, std::uint64_t layer) {
    const auto column = static_cast<std::uint64_t>(static_cast<std::uint32_t>(x));
    const auto row = static_cast<std::uint64_t>(static_cast<std::uint32_t>(y));
    return mix64(mix64(key ^ (layer << 48U)) ^ (column << 32U | row));
}

/// A lattice value in -1000..1000.
int lattice(std::uint64_t key, int x, int y, std::uint64_t layer) {
    return static_cast<int>(hash(key, x, y, layer) % 2001U) - 1000;
}

int mixed(int a, int b, int part, int whole) { return a + (b - a) * part / whole; }

/// The square of the distance from a point to a segment, in 1/256 square pixels.
std::int64_t distance_squared(Point at, Point from, Point to) {
    const std::int64_t run_x = to.x - from.x;
    const std::int64_t run_y = to.y - from.y;
    const std::int64_t length = run_x * run_x + run_y * run_y;
    const std::int64_t along =
        length == 0 ? 0
                    : std::clamp<std::int64_t>((at.x - from.x) * run_x + (at.y - from.y) * run_y, 0,
                                               length);
    const std::int64_t foot_x = from.x + (length == 0 ? 0 : run_x * along / length);
    const std::int64_t foot_y = from.y + (length == 0 ? 0 : run_y * along / length);
    return (at.x - foot_x) * (at.x - foot_x) + (at.y - foot_y) * (at.y - foot_y);
}

bool inside(std::span<const Point> corners, Point at) {
    bool in = false;
    for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
        const Point a = corners[i];
        const Point b = corners[j];
        if ((a.y > at.y) == (b.y > at.y)) continue;
        const std::int64_t cross = static_cast<std::int64_t>(at.x - a.x) * (b.y - a.y) -
                                   static_cast<std::int64_t>(b.x - a.x) * (at.y - a.y);
        if ((cross < 0) == (b.y > a.y)) in = !in;
    }
    return in;
}

constexpr Point centre_of(int x, int y) { return {x * 16 + 8, y * 16 + 8}; }

}  // namespace

Canvas::Canvas(int width, int height, std::uint64_t noise_key)
    : width_(width),
      height_(height),
      key_(noise_key),
      cells_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

int Canvas::noise(int x, int y, int grain, std::uint64_t layer) const {
    const int left = x / grain;
    const int top = y / grain;
    const int over = x % grain;
    const int down = y % grain;
    const int upper =
        mixed(lattice(key_, left, top, layer), lattice(key_, left + 1, top, layer), over, grain);
    const int lower = mixed(lattice(key_, left, top + 1, layer),
                            lattice(key_, left + 1, top + 1, layer), over, grain);
    return mixed(upper, lower, down, grain);
}

void Canvas::touch(int x, int y, const Paint& paint, std::uint64_t layer) {
    Rgb& cell = cells_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                       static_cast<std::size_t>(x)];
    const int coarse = noise(x, y, paint.grain, layer);
    const int fine = lattice(key_, x, y, layer + 1000);
    const int rough = (2 * coarse + fine) * paint.roughness_permille / 3000;
    cell = blend(cell, scaled(paint.colour, 1000 + rough), paint.opacity_permille);
}

void Canvas::fill_rows(int top, int bottom, const Paint& paint) {
    const std::uint64_t layer = next_layer();
    for (int y = std::max(top, 0); y < std::min(bottom, height_); ++y) {
        for (int x = 0; x < width_; ++x) touch(x, y, paint, layer);
    }
}

void Canvas::polygon(std::span<const Point> corners, const Paint& paint) {
    const std::uint64_t layer = next_layer();
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            if (inside(corners, centre_of(x, y))) touch(x, y, paint, layer);
        }
    }
}

void Canvas::ellipse(Point centre, int radius_x, int radius_y, const Paint& paint,
                     int ragged_permille) {
    const std::uint64_t layer = next_layer();
    const std::int64_t rx = std::max(radius_x, 1);
    const std::int64_t ry = std::max(radius_y, 1);
    const int grain = std::max(3, static_cast<int>(std::min(rx, ry)) / 40);
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            const Point at = centre_of(x, y);
            const std::int64_t dx = (at.x - centre.x) * 1000 / rx;
            const std::int64_t dy = (at.y - centre.y) * 1000 / ry;
            const std::int64_t rim =
                1000 + noise(x, y, grain, layer + 2000) * ragged_permille / 1000;
            if (rim > 0 && dx * dx + dy * dy <= rim * rim) touch(x, y, paint, layer);
        }
    }
}

void Canvas::stroke(Point from, Point to, int width, const Paint& paint) {
    const std::uint64_t layer = next_layer();
    const std::int64_t reach = static_cast<std::int64_t>(width) * width / 4;
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            if (distance_squared(centre_of(x, y), from, to) <= reach) touch(x, y, paint, layer);
        }
    }
}

void Canvas::veil(Rgb colour, int permille) {
    for (Rgb& cell : cells_) cell = blend(cell, colour, permille);
}

scene::Image Canvas::develop(Rgb light_permille, int falloff_permille, int sensor_noise) const {
    scene::Image image{width_, height_, {}};
    image.rgb.reserve(cells_.size() * 3);
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            const Rgb cell = cells_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                                    static_cast<std::size_t>(x)];
            const int shade = 1000 - falloff_permille * x / width_;
            const auto expose = [&](int value, int light, std::uint64_t layer) {
                const int grain = lattice(key_, x, y, layer) * sensor_noise / 1000;
                const int lit = value * light / 1000 * shade / 1000 + grain;
                image.rgb.push_back(static_cast<std::uint8_t>(std::clamp(lit, 0, 255)));
            };
            expose(cell.r, light_permille.r, 5000);
            expose(cell.g, light_permille.g, 5001);
            expose(cell.b, light_permille.b, 5002);
        }
    }
    return image;
}

}  // namespace compot::camera
