#include "sim/onlookers.hpp"

#include <tuple>

#include "core/base/result.hpp"

namespace compot::sim {

namespace {

using Kind = node::Note::Kind;

constexpr Duration kBetweenCards = 100ms;

observe::NodeCard card_of(const Unit& unit, Time now) {
    observe::NodeCard card;
    card.id = unit.id();
    card.name = unit.plan.name;
    card.role = unit.plan.role == node::Role::Edge ? "compot" : "cat";
    card.alive = unit.alive();
    card.mood = observe::Mood::Off;
    card.at = unit.at;
    card.battery_permille = unit.battery.permille();
    card.energy = {unit.battery.spent_mj(), unit.plan.energy.battery_mj};
    card.airtime_used = unit.airtime_own + unit.airtime_relayed;
    if (!unit.alive()) return card;
    observe::describe(unit.node->look(), unit.booted_at, card);
    card.queue = static_cast<std::uint32_t>(unit.radio->queue_size());
    card.busy_permille = unit.radio->busy_permille(now);
    return card;
}

bool same(const observe::NodeCard& a, const observe::NodeCard& b) {
    const auto fields = [](const observe::NodeCard& card) {
        return std::tie(card.alive, card.mood, card.at, card.battery_permille, card.queue,
                        card.digests, card.airtime_used, card.busy_permille, card.frames_dropped,
                        card.sites_left, card.neighbours);
    };
    return fields(a) == fields(b);
}

}  // namespace

void Onlookers::touch(std::size_t unit) {
    if (dirty_.size() <= unit) dirty_.resize(unit + 1);
    dirty_[unit] = true;
}

void Onlookers::show(std::size_t index, const Unit& unit, Time now) {
    Shown& shown = shown_[index];
    observe::NodeCard card = card_of(unit, now);
    if (!shown.ever || !same(shown.card, card)) {
        each([&](observe::Sink& sink) { sink.node(now, card); });
    }
    if (unit.alive() && (!shown.ever || shown.policy != card.digests->policy)) {
        const observe::PolicyMap map{unit.id(), unit.node->best_actions()};
        each([&](observe::Sink& sink) { sink.policy(now, map); });
        shown.policy = card.digests->policy;
    }
    shown.ever = true;
    shown.at = now;
    shown.card = std::move(card);
}

void Onlookers::flush(const std::vector<Unit>& units, Time now) {
    if (!any()) return;
    dirty_.resize(units.size());
    shown_.resize(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (!dirty_[i] || (shown_[i].ever && now - shown_[i].at < kBetweenCards)) continue;
        dirty_[i] = false;
        show(i, units[i], now);
    }
}

void Onlookers::show_all(const std::vector<Unit>& units, Time now) {
    shown_.assign(units.size(), Shown{});
    for (std::size_t i = 0; i < units.size(); ++i) show(i, units[i], now);
}

void Onlookers::noted(const Unit& unit, const node::Note& note, Time now) {
    const bool helps = unit.plan.role == node::Role::Edge;
    const observe::Words words = notes_.words(unit.id(), helps, note);
    if (note.kind == Kind::Classified) {
        labels_[static_cast<std::uint8_t>(note.a)] =
            static_cast<learn::TileClass>((note.b >> 16U) & 3U);
    }
    each([&](observe::Sink& sink) { observe::tell(sink, now, words); });
}

void Onlookers::thing(const field::Thing& thing, Time now) {
    if (!any()) return;
    const auto label = labels_.find(thing.at.index());
    const observe::Obstacle obstacle{thing.id, thing.at, thing.present,
                                     learn::to_string(thing.what),
                                     label != labels_.end() ? learn::to_string(label->second) : ""};
    each([&](observe::Sink& sink) { sink.obstacle(now, obstacle); });
}

void Onlookers::log(NodeId node, const std::string& text, Time now) {
    each([&](observe::Sink& sink) { sink.log(now, observe::LogLine{node, text}); });
}

}  // namespace compot::sim
