#include "sim/camera/things.hpp"

#include <array>

namespace compot::camera {

namespace {

Rgb varied(Random& random, Rgb colour, int by) {
    return {colour.r + random.between(-by, by), colour.g + random.between(-by, by),
            colour.b + random.between(-by, by)};
}

void shadow(Canvas& canvas, const Place& place, int half_width, int height) {
    canvas.ellipse(place.offset(3, 2), place.length(half_width), place.length(height),
                   Paint{{20, 20, 24}, 6, 60, 450}, 100);
}

/// A box seen from a corner: front, side and lid.
void draw_box(Canvas& canvas, const Place& place, int width, int height, int depth, Rgb colour) {
    const std::array<Point, 4> front{place.offset(-width / 2, -height),
                                     place.offset(width / 2, -height), place.offset(width / 2, 0),
                                     place.offset(-width / 2, 0)};
    const std::array<Point, 4> side{
        place.offset(width / 2, -height), place.offset(width / 2 + depth, -height - depth / 2),
        place.offset(width / 2 + depth, -depth / 2), place.offset(width / 2, 0)};
    const std::array<Point, 4> lid{
        place.offset(-width / 2, -height), place.offset(-width / 2 + depth, -height - depth / 2),
        place.offset(width / 2 + depth, -height - depth / 2), place.offset(width / 2, -height)};
    canvas.polygon(front, Paint{colour, 5, 90});
    canvas.polygon(side, Paint{scaled(colour, 650), 5, 90});
    canvas.polygon(lid, Paint{scaled(colour, 1180), 5, 70});
}

void draw_crate(Canvas& canvas, Random& random, const Place& place) {
    constexpr std::array<Rgb, 4> kWoods{
        {{168, 120, 66}, {196, 154, 100}, {128, 92, 58}, {150, 60, 44}}};
    const Rgb wood = varied(random, kWoods[random.below(4)], 16);
    const int width = random.between(15, 22);
    const int height = random.between(12, 19);
    shadow(canvas, place, width * 2 / 3, 5);
    draw_box(canvas, place, width, height, random.between(4, 8), wood);
    const Paint slat{scaled(wood, 520), 3, 80};
    for (int row = 0; row <= 3; ++row) {
        const int y = -height * row / 3;
        canvas.stroke(place.offset(-width / 2, y), place.offset(width / 2, y), 18, slat);
    }
    canvas.stroke(place.offset(-width / 2, 0), place.offset(width / 2, -height), 20, slat);
}

void draw_boxes(Canvas& canvas, Random& random, const Place& place) {
    constexpr std::array<Rgb, 4> kCards{
        {{184, 148, 104}, {206, 178, 138}, {70, 110, 168}, {222, 222, 214}}};
    shadow(canvas, place, 13, 5);
    const auto boxes = 1 + random.below(3);
    for (std::uint32_t i = 0; i < boxes; ++i) {
        const Rgb card = varied(random, kCards[random.below(4)], 14);
        const Place spot{place.offset(random.between(-7, 7), -static_cast<int>(i) * 6),
                         place.size_permille};
        const int width = random.between(9, 16);
        const int height = random.between(7, 12);
        draw_box(canvas, spot, width, height, random.between(3, 6), card);
        canvas.stroke(spot.offset(0, 0), spot.offset(0, -height), 22,
                      Paint{scaled(card, 1200), 3, 40});
    }
}

void draw_branch(Canvas& canvas, Random& random, const Place& place) {
    const Rgb bark = varied(random, {104, 76, 48}, 18);
    const Rgb leaf = random.below(2) == 0 ? Rgb{84, 120, 52} : Rgb{170, 112, 44};
    const int tilt = random.between(-8, 8);
    const Paint wood{bark, 3, 220};
    const Point left = place.offset(-17, tilt);
    const Point right = place.offset(16, -tilt);
    canvas.stroke(Point{left.x + 24, left.y + 32}, Point{right.x + 24, right.y + 32}, 36,
                  Paint{{24, 24, 26}, 4, 40, 400});
    canvas.stroke(left, right, place.length(2), wood);
    const auto twigs = 4 + random.below(4);
    for (std::uint32_t i = 0; i < twigs; ++i) {
        const int along = random.between(100, 900);
        const Point root{left.x + (right.x - left.x) * along / 1000,
                         left.y + (right.y - left.y) * along / 1000};
        const Point tip{root.x + place.length(random.between(-8, 8)),
                        root.y - place.length(random.between(-7, 10))};
        canvas.stroke(root, tip, 20, wood);
        canvas.ellipse(tip, place.length(3), place.length(2),
                       Paint{varied(random, leaf, 16), 3, 300}, 400);
    }
}

void draw_boulder(Canvas& canvas, Random& random, const Place& place) {
    constexpr std::array<Rgb, 4> kStones{
        {{126, 124, 120}, {156, 146, 128}, {96, 92, 92}, {150, 108, 82}}};
    const Rgb stone = varied(random, kStones[random.below(4)], 14);
    const int width = random.between(18, 25);
    const int height = random.between(14, 20);
    shadow(canvas, place, width, 6);
    const Place middle{place.offset(0, -height / 2), place.size_permille};
    canvas.ellipse(middle.centre, place.length(width), place.length(height),
                   Paint{scaled(stone, 720), 5, 260}, 130);
    canvas.ellipse(middle.offset(-4, -4), place.length(width - 6), place.length(height - 6),
                   Paint{scaled(stone, 1080), 6, 260}, 160);
    for (int crack = 0; crack < 3; ++crack) {
        const int down = random.between(-9, 9);
        const Point from = middle.offset(random.between(-12, 12), down);
        canvas.stroke(from,
                      Point{from.x + random.between(-90, 90), from.y + random.between(-90, 90)}, 14,
                      Paint{scaled(stone, 420), 3, 100});
    }
}

void draw_wall(Canvas& canvas, Random& random, const Place& place) {
    constexpr std::array<Rgb, 3> kBricks{{{156, 84, 62}, {140, 138, 132}, {186, 168, 142}}};
    const Rgb brick = varied(random, kBricks[random.below(3)], 16);
    const int height = random.between(18, 30);
    const int slope = random.between(-3, 3);
    const int base = place.centre.y / 16 + 4;
    const std::array<Point, 4> face{pixels(-2, base - height - slope),
                                    pixels(66, base - height + slope), pixels(66, base + slope),
                                    pixels(-2, base - slope)};
    canvas.polygon(face, Paint{brick, 4, 180});
    const Paint joint{scaled(brick, random.below(2) == 0 ? 600 : 1300), 4, 60};
    const int course = random.between(4, 7);
    for (int row = 0; row * course <= height; ++row) {
        const int y = base - row * course;
        canvas.stroke(pixels(-2, y - slope), pixels(66, y + slope), 13, joint);
        for (int x = row % 2 == 0 ? 0 : course; x < canvas.width(); x += 2 * course) {
            const int lean = slope * (2 * x - canvas.width()) / canvas.width();
            canvas.stroke(pixels(x, y + lean), pixels(x, y + lean - course), 11, joint);
        }
    }
}

void draw_trunk(Canvas& canvas, Random& random, const Place& place) {
    const Rgb bark = varied(random, {98, 72, 50}, 18);
    const int tilt = random.between(-9, 9);
    const int thick = random.between(13, 18);
    const int y = place.centre.y / 16 - 4;
    const Point left = pixels(-4, y + tilt);
    const Point right = pixels(random.between(56, 70), y - tilt);
    const int width = place.length(thick);
    canvas.stroke(Point{left.x, left.y + width / 2}, Point{right.x, right.y + width / 2}, width / 2,
                  Paint{{20, 20, 22}, 6, 60, 450});
    canvas.stroke(left, right, width, Paint{scaled(bark, 760), 3, 320});
    canvas.stroke(Point{left.x, left.y - width / 5}, Point{right.x, right.y - width / 5}, width / 2,
                  Paint{scaled(bark, 1200), 3, 340});
    for (int ring = 0; ring < 3; ++ring) {
        canvas.ellipse(right, width / 2 - ring * width / 6, width / 2 - ring * width / 6,
                       Paint{ring % 2 == 0 ? Rgb{186, 148, 100} : Rgb{150, 112, 72}, 3, 120});
    }
}

void draw_fire(Canvas& canvas, Random& random, const Place& place) {
    canvas.ellipse(place.offset(0, 1), place.length(17), place.length(5),
                   Paint{{36, 30, 28}, 4, 300}, 250);
    const auto tongues = 5 + random.below(4);
    for (int layer = 0; layer < 3; ++layer) {
        constexpr std::array<Rgb, 3> kFlames{{{214, 66, 22}, {244, 146, 30}, {255, 230, 120}}};
        for (std::uint32_t i = 0; i < tongues; ++i) {
            const int x = random.between(-12, 12) * (3 - layer) / 3;
            const int height = random.between(12, 26) * (4 - layer) / 4;
            const int half = random.between(3, 6) * (4 - layer) / 4;
            const std::array<Point, 3> tongue{place.offset(x - half, 1), place.offset(x + half, 1),
                                              place.offset(x + random.between(-4, 4), -height)};
            canvas.polygon(tongue, Paint{kFlames[static_cast<std::size_t>(layer)], 3, 200, 880});
        }
    }
    const auto puffs = random.below(5);
    for (std::uint32_t i = 0; i < puffs; ++i) {
        // One draw a line: compilers differ in which argument of a call they work out first.
        const int height = place.length(random.between(4, 8));
        const int width = place.length(random.between(5, 11));
        const int up = random.between(20, 40);
        const Point middle = place.offset(random.between(-12, 16), -up);
        canvas.ellipse(middle, width, height, Paint{{92, 92, 96}, 5, 160, 480}, 300);
    }
}

void draw_power_line(Canvas& canvas, Random& random, const Place& place) {
    const Paint wood{varied(random, {92, 74, 58}, 14), 3, 200};
    const bool mirrored = random.below(2) == 0;
    const auto at = [&](int x, int y) { return place.offset(mirrored ? -x : x, y); };
    canvas.stroke(at(-20, 8), at(random.between(-12, 0), -38), place.length(3), wood);
    canvas.stroke(at(-20, -22), at(0, -28), place.length(2), wood);
    const Paint wire{{18, 18, 20}, 3, 60};
    Point last = at(-10, -25);
    for (int knot = 1; knot <= 6; ++knot) {
        const Point next = at(-10 + knot * 6, -25 + knot * 5 + random.between(-4, 4));
        canvas.stroke(last, next, 22, wire);
        last = next;
    }
    const Paint glow{{170, 206, 255}, 3, 200, 550};
    canvas.ellipse(last, place.length(6), place.length(5), glow, 500);
    const auto sparks = 7 + random.below(6);
    for (std::uint32_t i = 0; i < sparks; ++i) {
        const Point tip{last.x + place.length(random.between(-9, 9)),
                        last.y + place.length(random.between(-9, 7))};
        canvas.stroke(last, tip, 13, Paint{{255, 250, 200}, 3, 60});
    }
}

void draw_hole(Canvas& canvas, Random& random, const Place& place) {
    const int width = random.between(15, 21);
    const int height = random.between(7, 10);
    canvas.ellipse(place.centre, place.length(width + 2), place.length(height + 2),
                   Paint{{112, 86, 62}, 4, 260}, 150);
    canvas.ellipse(place.offset(0, 1), place.length(width), place.length(height),
                   Paint{{14, 12, 12}, 5, 160}, 80);
    const int rail = -random.between(9, 15);
    for (const int side : {-1, 1}) {  // posts, and striped tape between them
        canvas.stroke(place.offset(side * width, 4), place.offset(side * width, rail - 4), 34,
                      Paint{{176, 176, 172}, 3, 90});
    }
    const int stripes = 8;
    const bool red = random.below(2) == 0;
    const Rgb bright = red ? Rgb{232, 232, 228} : Rgb{242, 206, 30};
    const Rgb dark = red ? Rgb{204, 36, 30} : Rgb{24, 22, 20};
    for (int i = 0; i < stripes; ++i) {
        const int from = -width + 2 * width * i / stripes;
        const int to = -width + 2 * width * (i + 1) / stripes;
        canvas.stroke(place.offset(from, rail), place.offset(to, rail), place.length(3),
                      Paint{i % 2 == 0 ? bright : dark, 3, 60});
    }
}

using Draw = void (*)(Canvas&, Random&, const Place&);

void draw_one_of(const std::array<Draw, 3>& kinds, Canvas& canvas, Random& random,
                 const Place& place) {
    kinds[random.below(3)](canvas, random, place);
}

}  // namespace

void draw_movable(Canvas& canvas, Random& random, const Place& place) {
    draw_one_of({draw_crate, draw_boxes, draw_branch}, canvas, random, place);
}

void draw_immovable(Canvas& canvas, Random& random, const Place& place) {
    draw_one_of({draw_boulder, draw_wall, draw_trunk}, canvas, random, place);
}

void draw_dangerous(Canvas& canvas, Random& random, const Place& place) {
    draw_one_of({draw_fire, draw_power_line, draw_hole}, canvas, random, place);
}

}  // namespace compot::camera
