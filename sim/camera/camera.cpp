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
        canvas.ellipse(pixels(random.between(10, 54), random.between(horizon + 8, 60)),
                       random.between(8, 22) * 16, random.between(3, 7) * 16,
                       Paint{worn, 6, 120, 700}, 300);
    }
}

void draw_clutter(Canvas& canvas, Random& random, int horizon) {
    const auto pieces = random.below(14);
    for (std::uint32_t i = 0; i < pieces; ++i) {
        const auto pick = random.below(static_cast<std::uint32_t>(kClutter.size()));
        const Paint paint{varied(random, kClutter[pick], 20), 3, 200};
        const Point at = pixels(random.between(0, kSide), random.between(horizon, kSide));
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
    Random random(seed, static_cast<std::uint64_t>(what), kPurpose);
    Canvas canvas(kSide, kSide, random.next64());
    const int horizon = random.below(2) == 0 ? random.between(4, 16) : 0;
    draw_ground(canvas, random, horizon);
    draw_clutter(canvas, random, horizon);
    const Place place{pixels(random.between(26, 38), random.between(38, 48)),
                      random.between(800, 1200)};
    switch (what) {
        case learn::TileClass::Clear: break;
        case learn::TileClass::Movable: draw_movable(canvas, random, place); break;
        case learn::TileClass::Immovable: draw_immovable(canvas, random, place); break;
        case learn::TileClass::Dangerous: draw_dangerous(canvas, random, place); break;
    }
    const int brightness = random.between(620, 1180);
    const Rgb light{brightness + random.between(-60, 90), brightness + random.between(-40, 40),
                    brightness + random.between(-90, 60)};
    return canvas.develop(light, random.between(-200, 300), random.between(4, 16));
}

}  // namespace compot::camera
