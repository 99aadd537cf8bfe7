#include "observe/scripted_story.hpp"

#include <algorithm>

#include "core/base/random.hpp"

namespace compot::observe {

namespace {

struct Actor {
    NodeCard card;
    std::vector<learn::Cell> path;  ///< one tile a step, from `leaves` on
    Time leaves{};
};

class Script {
public:
    explicit Script(const std::vector<std::uint8_t>& png) : png_(png) {
        cast();
        stage();
        for (int second = 0; second < 120; ++second) tick(Time{std::chrono::seconds(second)});
        plot();
        std::stable_sort(events_.begin(), events_.end(),
                         [](const Event& a, const Event& b) { return a.at < b.at; });
    }

    std::vector<Event> take() { return std::move(events_); }

private:
    void say(Time at, Happening what) { events_.push_back({at, std::move(what)}); }

    void cast() {
        add(kAlpha, "Alpha", "cat", Mood::Streaming, {3, 3});
        add(kBeta, "Beta", "cat", Mood::Working, {2, 8});
        add(kGamma, "Gamma", "cat", Mood::Idle, {12, 4});
        add(kCompot, "Compot", "compot", Mood::Patrolling, {13, 13});
        for (Actor& actor : actors_) {
            for (const Actor& other : actors_) {
                if (other.card.id == actor.card.id) continue;
                actor.card.neighbours->push_back(
                    {other.card.id, static_cast<std::int16_t>(random_.between(-1200, 900)), {}});
            }
        }
    }

    void add(NodeId id, const char* name, const char* role, Mood mood, learn::Cell at) {
        Actor actor;
        actor.card.id = id;
        actor.card.name = name;
        actor.card.role = role;
        actor.card.alive = true;
        actor.card.mood = mood;
        actor.card.at = at;
        actor.card.battery_permille = 1000;
        actor.card.queue = 0;
        actor.card.digests = Digests{0x0123456789abcdefULL, 0x1111111111111111ULL,
                                     0x2222222222222222ULL, 0x3333333333333333ULL};
        actor.card.airtime_used = 0s;
        actor.card.purse = Purse{36s, 36s};
        actor.card.busy_permille = 0;
        actor.card.frames_dropped = 0;
        actor.card.sites_left = 0;
        actor.card.neighbours.emplace();
        actors_.push_back(actor);
    }

    void stage() {
        say(Time{}, Obstacle{1, {7, 8}, true, "MOVABLE", ""});
        say(Time{}, Obstacle{2, {5, 12}, true, "DANGEROUS", "DANGEROUS"});
        say(Time{}, Obstacle{3, {10, 6}, true, "IMMOVABLE", "IMMOVABLE"});
        for (const learn::Cell at : {learn::Cell{4, 8}, learn::Cell{11, 8}, learn::Cell{14, 10}})
            say(Time{}, Site{at, false});
        say(Time{}, PolicyMap{kBeta, eastward(true)});
        say(Time{}, LogLine{kCompot, "patrol begins"});
        for (const learn::Cell at :
             {learn::Cell{3, 8}, learn::Cell{4, 8}, learn::Cell{5, 8}, learn::Cell{6, 8}})
            actors_[1].path.push_back(at);
        actors_[1].leaves = Time{5s};
    }

    /// Everybody goes east; round the tile {7, 8} while nobody knows what stands there.
    static std::array<learn::Action, learn::kCells> eastward(bool barred) {
        std::array<learn::Action, learn::kCells> best{};
        best.fill(learn::Action::East);
        best[learn::Cell{14, 10}.index()] = learn::Action::Work;
        if (barred) best[learn::Cell{6, 8}.index()] = learn::Action::Stay;
        return best;
    }

    void tick(Time at) {
        for (Actor& actor : actors_) {
            if (!actor.path.empty() && at >= actor.leaves) {
                actor.card.at = actor.path.front();
                actor.path.erase(actor.path.begin());
            }
            if (*actor.card.battery_permille > 0 && random_.below(8) == 0)
                --*actor.card.battery_permille;
            mood(actor.card, at);
            say(at, actor.card);
        }
        if (to_us(at) % to_us(15s) == 0) flood(at + 100ms, kAlpha, "telemetry", 58, 3);
        if (to_us(at) % to_us(20s) == 0) flood(at + 400ms, kGamma, "beacon", 49, 0);
    }

    static void mood(NodeCard& card, Time at) {
        if (card.id == kBeta) {
            card.mood = at < Time{10s}   ? Mood::Working
                        : at < Time{16s} ? Mood::Blocked
                        : at < Time{70s} ? Mood::Waiting
                        : at < Time{90s} ? Mood::Resumed
                                         : Mood::Working;
            card.sites_left = at < Time{8s} ? 3 : at < Time{85s} ? 2 : at < Time{100s} ? 1 : 0;
        }
        if (card.id == kCompot) {
            card.mood = at < Time{20s}   ? Mood::Patrolling
                        : at < Time{55s} ? Mood::EnRoute
                        : at < Time{70s} ? Mood::Assisting
                                         : Mood::Patrolling;
        }
    }

    /// One packet and its relays: each node hears it once, by chance.
    void flood(Time at, NodeId from, const char* kind, std::uint16_t bytes, std::uint8_t hops) {
        const PacketId packet = make_packet_id(1, ++packets_);
        const Duration air = 60ms + Duration{bytes * 700};
        NodeId sender = from;
        for (int hop = hops; hop >= 0; --hop, at += air + 150ms) {
            FlightStarted start{++flights_, sender, from,
                                packet,     kind,   static_cast<std::uint8_t>(hop),
                                bytes,      air,    Duration{}};
            if (sender == from) start.price = air * (hops + 1);
            FlightEnded end{flights_, {}};
            NodeId next = kNoNode;
            for (Actor& actor : actors_) {
                if (actor.card.id == sender) {
                    *actor.card.airtime_used += air;
                    actor.card.purse->balance -= start.price;
                    continue;
                }
                const auto fate = random_.below(8);
                const Reception heard{actor.card.id,
                                      fate == 0     ? Fate::TooWeak
                                      : fate == 1   ? Fate::Collided
                                      : hop != hops ? Fate::Duplicate
                                                    : Fate::Decoded,
                                      static_cast<std::int16_t>(random_.between(-12500, -7000)),
                                      static_cast<std::int16_t>(random_.between(-1800, 900))};
                end.receptions.push_back(heard);
                if (heard.fate == Fate::Decoded) next = actor.card.id;
            }
            say(at, start);
            say(at + air, end);
            if (next == kNoNode) return;
            sender = next;
        }
    }

    void step(Time at, NodeId helper, const char* what, const char* text, const char* kind,
              NodeId speaker, std::uint16_t bytes) {
        say(at, JobStep{0x5eed0001, kBeta, helper, what, text});
        flood(at + 20ms, speaker, kind, bytes, 3);
    }

    void plot() {
        say(Time{15s}, LogLine{kBeta, "no progress for 5 decisions"});
        step(Time{16s}, kNoNode, "asked", "blocked at 7,8", "request", kBeta, 96);
        step(Time{18s}, kCompot, "offered", "about 35 s away", "offer", kCompot, 71);
        step(Time{19s}, kCompot, "taken", "", "award", kBeta, 61);
        step(Time{21s}, kCompot, "en route", "towards 6,8", "progress", kCompot, 56);
        for (const learn::Cell at : {learn::Cell{12, 12}, learn::Cell{9, 10}, learn::Cell{7, 9}})
            drive(at);
        say(Time{56s}, Photo{kCompot, {7, 8}, "MOVABLE", 987, "net", png_});
        say(Time{56s}, Obstacle{1, {7, 8}, true, "MOVABLE", "MOVABLE"});
        step(Time{57s}, kCompot, "classified", "MOVABLE at 7,8", "facts", kCompot, 140);
        step(Time{60s}, kCompot, "delta", "28 bytes", "delta", kCompot, 132);
        say(Time{62s}, JobStep{0x5eed0001, kBeta, kCompot, "applied", "digests agree"});
        say(Time{62s}, PolicyMap{kBeta, eastward(false)});
        say(Time{70s}, JobStep{0x5eed0001, kBeta, kCompot, "resumed", ""});
        step(Time{71s}, kCompot, "ended", "done", "result", kBeta, 66);
        say(Time{85s}, Site{{11, 8}, true});
        say(Time{8s}, Site{{4, 8}, true});
        say(Time{100s}, Site{{14, 10}, true});
        std::uint16_t line = 0;
        for (const Actor& actor : actors_)
            say(Time{72s} + 200ms * ++line,
                LedgerLine{actor.card.id, kBeta, 1, "job 5eed0001 done, MOVABLE at 7,8"});
    }

    /// Cards are made before the plot, so the drive is told as cards of its own.
    void drive(learn::Cell at) {
        NodeCard card = actors_[3].card;
        card.mood = Mood::EnRoute;
        card.at = at;
        say(Time{25s} + 10s * drives_++, card);
    }

    const std::vector<std::uint8_t>& png_;
    std::vector<Event> events_;
    std::vector<Actor> actors_;
    Random random_{7};
    std::uint64_t flights_ = 0;
    std::uint32_t packets_ = 0;
    int drives_ = 0;
};

}  // namespace

std::vector<Event> scripted_story(const std::vector<std::uint8_t>& png) {
    return Script(png).take();
}

}  // namespace compot::observe
