#include "sim/camera/camera.hpp"

#include <array>

#include "core/base/random.hpp"
#include "sim/camera/canvas.hpp"
#include "sim/camera/things.hpp"

namespace compot::camera {

namespace {

constexpr std::uint64_t kPurpose = 0xCA3E7A;

// Grass, dry grass, sand, gravel, mud, asphalt, snow.
constexpr std::array<Rgb, 7> kGrounds{{{86, 122, 58},
                                       {150, 138, 78},
                                       {196, 172, 124},
                                       {128, 124, 118},
                                       {98, 74, 52},
                                       {84, 86, 90},
                                       {206, 212, 218}}};

constexpr std::array<Rgb, 4> kSkies{
    {{150, 186, 226}, {192, 196, 202}, {222, 184, 142}, {96, 112, 140}}};

// Stones, tufts and leaves, in colours that the things have too.
constexpr std::array<Rgb, 6> kClutter{
    {{120, 116, 108}, {70, 104, 44}, {190, 120, 40}, {176, 64, 40}, {116, 84, 52}, {210, 200, 90}}};

Rgb varied(Random& random, Rgb colour, int by) {
    return {colour.r + random.between(-by, by), colour.g + random.between(-by, by),
            colour.b + random.between(-by, by)};
}

constexpr Rgb kFog{198, 202, 206};

struct Range {
    int least = 0;
    int most = 0;
};

/// One draw a line, here and below: compilers differ in which argument of a call they work out
/// first.
Point any_point(Random& random, Range x, Range y) {
    const int down = random.between(y.least, y.most);
    const int right = random.between(x.least, x.most);
    return pixels(right, down);
}

void draw_ground(Canvas& canvas, Random& random, int horizon) {
    const auto pick = random.below(static_cast<std::uint32_t>(kGrounds.size()));
    const Paint ground{varied(random, kGrounds[pick], 14), random.between(3, 9),
                       random.between(80, 260)};
    canvas.fill_rows(0, kSide, ground);
    if (horizon > 0) {
        const auto sky = random.below(static_cast<std::uint32_t>(kSkies.size()));
        canvas.fill_rows(0, horizon, Paint{varied(random, kSkies[sky], 12), 12, 40});
    }
    if (random.below(3) == 0) {  // a track, or a puddle
        const Rgb worn = scaled(ground.colour, random.between(650, 1250));
        const int height = random.between(3, 7) * 16;
        const int width = random.between(8, 22) * 16;
        const Point middle = any_point(random, {10, 54}, {horizon + 8, 60});
        canvas.ellipse(middle, width, height, Paint{worn, 6, 120, 700}, 300);
    }
}

void draw_clutter(Canvas& canvas, Random& random, int horizon) {
    const auto pieces = random.below(14);
    for (std::uint32_t i = 0; i < pieces; ++i) {
        const auto pick = random.below(static_cast<std::uint32_t>(kClutter.size()));
        const Paint paint{varied(random, kClutter[pick], 20), 3, 200};
        const Point at = any_point(random, {0, kSide}, {horizon, kSide});
        if (random.below(3) == 0) {  // a blade or a twig
            const Point end{at.x + random.between(-40, 40), at.y - random.between(10, 60)};
            canvas.stroke(at, end, random.between(12, 20), paint);
        } else {
            const int radius = random.between(12, 34);
            canvas.ellipse(at, radius, radius * 2 / 3, paint, 250);
        }
    }
}

}  // namespace

scene::Image render_scene(std::uint64_t seed, learn::TileClass what) {
    return render_in_fog(seed, what, 0);
}

scene::Image render_in_fog(std::uint64_t seed, learn::TileClass what, int fog_percent) {
    Random random(seed, static_cast<std::uint64_t>(what), kPurpose);
    Canvas canvas(kSide, kSide, random.next64());
    const int horizon = random.below(2) == 0 ? random.between(4, 16) : 0;
    draw_ground(canvas, random, horizon);
    draw_clutter(canvas, random, horizon);
    const Place place{any_point(random, {26, 38}, {38, 48}), random.between(800, 1200)};
    switch (what) {
        case learn::TileClass::Clear: break;
        case learn::TileClass::Movable: draw_movable(canvas, random, place); break;
        case learn::TileClass::Immovable: draw_immovable(canvas, random, place); break;
        case learn::TileClass::Dangerous: draw_dangerous(canvas, random, place); break;
    }
    canvas.veil(kFog, fog_percent * 10);
    const int brightness = random.between(620, 1180);
    const Rgb light{brightness + random.between(-60, 90), brightness + random.between(-40, 40),
                    brightness + random.between(-90, 60)};
    const int grain = random.between(4, 16);
    const int falloff = random.between(-200, 300);
    return canvas.develop(light, falloff, grain);
}

}  // namespace compot::camera
