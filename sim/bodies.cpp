// What bodies feel and do, what cameras see, and what befalls the field.
#include <algorithm>

#include "core/base/check.hpp"
#include "edge/scene/decode.hpp"
#include "edge/scene/doubt.hpp"
#include "sim/camera/camera.hpp"
#include "sim/simulation.hpp"

namespace compot::sim {

namespace {

constexpr std::uint64_t kFix = 0xF1C5;
constexpr std::uint64_t kWeather = 0x3EA7;
constexpr std::uint64_t kPictures = 0x91C7;

std::uint8_t shifted(std::uint8_t coordinate, std::int32_t by) {
    return static_cast<std::uint8_t>(
        std::clamp<std::int32_t>(coordinate + by, 0, learn::kGridSide - 1));
}

/// Hundredths of a degree: 18 degrees and a slow wander.
std::int16_t temperature(std::uint64_t seed, Time now) {
    Random weather(seed, static_cast<std::uint64_t>(now.time_since_epoch() / 60s), kWeather);
    return static_cast<std::int16_t>(1800 + weather.between(-40, 40));
}

}  // namespace

void Simulation::take_fix(Unit& unit) {
    const Duration age = now_ - unit.fixed_at;
    const bool first = unit.fixed_at == Time{};
    if (!first && age < Duration{std::chrono::seconds{scenario_.fix_age_most_s}}) return;
    Random error(options_.seed, unit.id().value ^ static_cast<std::uint64_t>(to_us(now_)), kFix);
    const std::int32_t most = scenario_.fix_error_tiles;
    unit.fix = {shifted(unit.at.x, error.between(-most, most)),
                shifted(unit.at.y, error.between(-most, most))};
    unit.fixed_at = now_;
}

void Simulation::decide(std::size_t index) {
    Unit& unit = units_[index];
    push(now_ + scenario_.decision, Kind::Decision, index);
    if (worker_ == index) look_whether_finished();
    if (!unit.alive()) return;
    unit.battery.pass(now_);
    if (unit.battery.empty()) {
        onlookers_.log(unit.id(), "battery empty", now_);
        shut_down(index);
        return;
    }
    take_fix(unit);
    node::Sensed sensed;
    sensed.at = unit.at;
    sensed.fix = unit.fix;
    sensed.fix_age_s =
        static_cast<std::uint16_t>(std::min<std::int64_t>((now_ - unit.fixed_at) / 1s, 0xFFFF));
    sensed.occupied_moves = field_.occupied_moves(unit.at);
    sensed.battery_percent = unit.battery.percent();
    sensed.worked = unit.worked;
    sensed.temperature_cdeg = temperature(options_.seed, now_);
    unit.acted = false;
    unit.worked = false;
    tell_node(index, sensed);
    if (unit.alive()) {
        unit.purse_lowest = std::min(unit.purse_lowest, unit.node->look().purse_balance);
    }
}

void Simulation::act(std::size_t index, learn::Action action) {
    Unit& unit = units_[index];
    if (unit.acted) return;  // one decision, one act
    unit.acted = true;
    const field::Step step = field_.act(unit.at, action);
    using What = field::Step::Kind;
    switch (step.kind) {
        case What::Moved:
        case What::Pushed: {
            unit.at = step.at;
            unit.battery.spend_mj(unit.plan.energy.move_mj);
            const std::int32_t cell = scenario_.cell_cm;
            ether_->move(unit.station, {cell * unit.at.x + cell / 2, cell * unit.at.y + cell / 2,
                                        unit.plan.antenna_cm});
            chronicle_.moved(unit.id(), now_);
            if (step.thing != nullptr) onlookers_.thing(*step.thing, now_);
            break;
        }
        case What::Touched:
            unit.battery.spend_mj(step.thing->what == learn::TileClass::Dangerous
                                      ? unit.plan.energy.danger_mj
                                      : unit.plan.energy.touch_mj);
            break;
        case What::Worked:
            unit.worked = true;
            unit.battery.spend_mj(unit.plan.energy.work_mj);
            onlookers_.each([&](observe::Sink& sink) { sink.site(now_, {unit.at, true}); });
            break;
        case What::Border:
        case What::Idle: break;
    }
}

Result<void, Failure> Simulation::act(NodeId node, learn::Action action) {
    const auto index = unit_of(node);
    if (!index || !units_[*index].external) return Failure{"no such external node"};
    if (units_[*index].alive()) act(*index, action);
    onlookers_.touch(*index);
    onlookers_.flush(units_, now_);
    return {};
}

Result<void, Failure> Simulation::look(NodeId node, learn::Action way) {
    const auto index = unit_of(node);
    if (!index || !units_[*index].external || !units_[*index].plan.duties.classifies)
        return Failure{"no such external node with a camera"};
    if (way > learn::Action::West) return Failure{"a camera looks north, east, south or west"};
    if (units_[*index].alive()) take_picture(*index, 0, learn::neighbour(units_[*index].at, way));
    return {};
}

void Simulation::run(std::size_t index, const node::Run& run) {
    // input[1] says where the camera points; it stands where the body does, whatever input[0] says.
    const bool whole = run.input.size() == 2 && run.input[1] < 4;
    std::optional<learn::Cell> of;
    if (whole) of = learn::neighbour(units_[index].at, static_cast<learn::Action>(run.input[1]));
    take_picture(index, run.handle, of);
}

/// Without a tile to look at it is an empty one.
void Simulation::take_picture(std::size_t index, std::uint16_t handle,
                              std::optional<learn::Cell> of) {
    Unit& unit = units_[index];
    unit.battery.spend_mj(unit.plan.energy.picture_mj);
    Picture picture{index, unit.boots, handle, unit.at, of.value_or(unit.at), {}};
    if (const auto shown = shown_.find(picture.of.index()); of && shown != shown_.end()) {
        picture.image = shown->second;
    } else if (of) {
        Random seed(options_.seed, pictures_taken_, kPictures);
        picture.image =
            camera::render_in_fog(seed.next64(), field_.truth(*of), scenario_.fog_percent);
    }
    pictures_.emplace(pictures_taken_, std::move(picture));
    push(now_ + scenario_.picture, Kind::Pictured, pictures_taken_);
    ++pictures_taken_;
}

Result<void, Failure> Simulation::show(learn::Cell at, const scene::Image& image,
                                       const scene::Scene& scene) {
    if (!image.whole()) return Failure{"the picture is not whole"};
    const auto eyes = std::find_if(units_.rbegin(), units_.rend(),
                                   [](const Unit& unit) { return unit.plan.duties.classifies; });
    if (eyes == units_.rend()) return Failure{"no node of this swarm has a camera"};
    const observe::Photo photo{eyes->id(),
                               at,
                               learn::to_string(scene.what),
                               scene.confidence_permille,
                               scene.backend,
                               scene::encode_png(image)};
    onlookers_.each([&](observe::Sink& sink) { sink.photo(now_, photo); });
    const std::string doubt = scene::doubt(scene, eyes->config);
    if (!doubt.empty()) return Failure{doubt};
    shown_[at.index()] = image;
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (!units_[i].plan.duties.classifies) continue;
        tell_node(i, node::Shown{at, scene.what, scene.confidence_permille});
    }
    onlookers_.flush(units_, now_);
    return {};
}

Result<void, Failure> Simulation::withdraw(std::uint32_t nonce) {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (!units_[i].alive() || !units_[i].node->waits_for(nonce)) continue;
        tell_node(i, node::Withdrawn{nonce});
        onlookers_.flush(units_, now_);
        return {};
    }
    return Failure{"no node here waits for help with it: only who asked can end a job"};
}

void Simulation::pictured(std::size_t number) {
    const auto found = pictures_.find(number);
    COMPOT_CHECK(found != pictures_.end());
    const Picture picture = std::move(found->second);
    pictures_.erase(found);
    const Unit& unit = units_[picture.unit];
    if (!unit.alive() || unit.boots != picture.boot) return;
    if (unit.external) {
        if (remote_ != nullptr) remote_->saw(unit.id(), picture.of, picture.image);
        return;
    }
    node::RunEnded ended;
    ended.handle = picture.handle;
    Bytes<3> output;
    if (options_.classifier != nullptr && picture.image.whole()) {
        const auto scene = options_.classifier->classify(picture.image);
        if (scene) {
            output = {static_cast<std::uint8_t>(scene->what),
                      static_cast<std::uint8_t>(scene->confidence_permille & 0xFFU),
                      static_cast<std::uint8_t>(scene->confidence_permille >> 8U)};
            const observe::Photo photo{
                unit.id(),
                picture.of,
                learn::to_string(scene->what),
                scene->confidence_permille,
                scene->backend,
                onlookers_.any() ? scene::encode_png(picture.image) : std::vector<std::uint8_t>{}};
            onlookers_.each([&](observe::Sink& sink) { sink.photo(now_, photo); });
            ended.ok = true;
        } else {
            onlookers_.log(unit.id(), "classifier: " + scene.error().sentence, now_);
        }
    }
    ended.output = output.view();
    tell_node(picture.unit, ended);
}

void Simulation::blockage_appears() {
    const bool taken = std::any_of(units_.begin(), units_.end(),
                                   [&](const Unit& unit) { return unit.at == blocked_cell_; });
    const auto id =
        taken ? Result<std::uint32_t>(Error::NotReady) : field_.put(blocked_cell_, blocked_class_);
    if (!id) {  // somebody stands there: as soon as the tile is free
        push(now_ + scenario_.decision, Kind::Blockage, 0);
        return;
    }
    onlookers_.thing(field_.things()[*id], now_);
}

void Simulation::happen(const scenario::Happening& happening) {
    using What = scenario::Happening::What;
    const auto index = scenario_.node_named(happening.node);
    const NodeId id = index ? units_[*index].id() : kNoNode;
    Result<void, Failure> done;
    switch (happening.what) {
        case What::Drop: done = drop(id); break;
        case What::Revive: done = revive(id); break;
        case What::Put: done = put(happening.cell, happening.thing); break;
        case What::Remove: done = remove(happening.cell); break;
        case What::Drain:
            COMPOT_CHECK(index.has_value());
            units_[*index].battery.set_charge(happening.charge_permille);
            break;
    }
    if (!done) onlookers_.log(id, "planned event: " + done.error().sentence, now_);
}

}  // namespace compot::sim
