// What the simulator promises of its speed and its memory, measured: figure, threshold, verdict.
#include <malloc.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>

#include "bench/mesh.hpp"
#include "core/base/fixed_math.hpp"
#include "sim/meshtasticator/model.hpp"

namespace compot::bench {
namespace {

constexpr Duration kDay = 24h;

/// User and system time of this process: other processes' load does not count, but for what it
/// does to caches.
double cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// What is held of the heap now, with the allocator's own overhead of each block.
std::size_t heap_bytes() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    std::string line;
    while (std::getline(info, line)) {
        const std::size_t colon = line.find(": ");
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos)
            return line.substr(colon + 2);
    }
    utsname system{};
    return uname(&system) == 0 ? system.machine : "unknown processor";
}

void name_machine() {
    double load = 0;
    if (getloadavg(&load, 1) != 1) load = -1;
    std::printf("machine: %s, %ld processors, load %.1f; g++ %s; one thread\n", processor().c_str(),
                sysconf(_SC_NPROCESSORS_ONLN), load, __VERSION__);
}

class Verdicts {
public:
    void at_most(const std::string& what, double figure, double threshold, const char* unit) {
        say(what, figure, "at most", threshold, unit, figure <= threshold);
    }

    void at_least(const std::string& what, double figure, double threshold, const char* unit) {
        say(what, figure, "at least", threshold, unit, figure >= threshold);
    }

    [[nodiscard]] bool all_good() const { return good_; }

private:
    void say(const std::string& what, double figure, const char* bound, double threshold,
             const char* unit, bool good) {
        std::printf("%s: %.4g %s, %s %.4g: %s\n", what.c_str(), figure, unit, bound, threshold,
                    good ? "ok" : "FAILED");
        good_ = good_ && good;
    }

    bool good_ = true;
};

struct Measured {
    double run_s = 0;
    double events_per_s = 0;
    double bytes_per_radio = 0;  ///< without its links
    double bytes_per_link = 0;
};

/// Of the whole world, shared out evenly.
void memory(Verdicts& verdicts, const std::string& what, const Measured& measured) {
    verdicts.at_most(what + ", memory of a radio without its links", measured.bytes_per_radio, 2048,
                     "bytes");
    verdicts.at_most(what + ", memory of a link", measured.bytes_per_link, 64, "bytes");
}

Measured measure(const MeshTerms& terms, Duration simulated) {
    const std::size_t heap_before = heap_bytes();
    const double begun = cpu_s();
    Mesh mesh(terms);
    const double linked = cpu_s();
    mesh.run_until(Time{simulated});
    const double ended = cpu_s();
    const std::size_t heap = heap_bytes() - heap_before;
    const ether::Ether& air = mesh.talk().ether();
    const auto radios = static_cast<double>(terms.radios);
    const talk::Tally& tally = mesh.talk().tally();
    Measured out;
    out.run_s = ended - begun;
    out.events_per_s = static_cast<double>(tally.events) / (ended - linked);
    out.bytes_per_radio = static_cast<double>(heap - air.link_bytes()) / radios;
    out.bytes_per_link = static_cast<double>(air.link_bytes()) / static_cast<double>(air.links());
    std::printf(
        "  %zu radios, each decoded by %.1f others and audible to %.1f; %lld s simulated: "
        "%llu texts, %llu transmissions, %llu deliveries, %llu events; %.2f s of CPU, %.2f "
        "of them for the links; digest %016llx\n",
        terms.radios, mesh.neighbours(), static_cast<double>(air.links()) / radios,
        static_cast<long long>(to_ms(simulated) / 1000),
        static_cast<unsigned long long>(mesh.texts()),
        static_cast<unsigned long long>(tally.transmissions),
        static_cast<unsigned long long>(tally.useful),
        static_cast<unsigned long long>(tally.events), ended - begun, linked - begun,
        static_cast<unsigned long long>(mesh.digest()));
    return out;
}

/// Meshtasticator's default: 30 nodes strewn over 15 km by 15 km, each says something every 100 s,
/// for half an hour; its model of a suburb, and 3 dB of asymmetry.
meshtasticator::Scenario default_scenario() {
    constexpr std::uint16_t kNodes = 30;
    constexpr std::uint32_t kSideCm = 1'500'000;
    constexpr std::int64_t kPeriodUs = 100'000'000;
    meshtasticator::Scenario scenario;
    scenario.nodes = kNodes;
    scenario.until = 30min;
    Random random(44);
    std::vector<ether::Position> places(kNodes);
    // As Meshtasticator places them: anew until somebody can hear it.
    const ether::LogDistance suburb(14'785, 100'000, 449);
    for (std::size_t i = 0; i < kNodes; ++i) {
        const auto heard = [&](const ether::Position& other) {
            return suburb.loss_cdb(places[i], other) < 16'150;
        };
        do {
            places[i].x_cm = static_cast<std::int32_t>(random.below(kSideCm));
            places[i].y_cm = static_cast<std::int32_t>(random.below(kSideCm));
        } while (i > 0 &&
                 std::none_of(places.begin(), places.begin() + static_cast<int>(i), heard));
    }
    for (std::size_t from = 0; from < kNodes; ++from) {
        for (std::size_t to = 0; to < kNodes; ++to) {
            const std::int32_t loss = suburb.loss_cdb(places[from], places[to]);
            scenario.rssi_mdbm.push_back(10 * (3'000 - loss + normal(random, 300)));
        }
    }
    for (std::uint16_t node = 0; node < kNodes; ++node) {
        for (Duration at{exponential(random, kPeriodUs)}; at < scenario.until;
             at += Duration{exponential(random, kPeriodUs)})
            scenario.messages.push_back({at, node});
    }
    std::sort(scenario.messages.begin(), scenario.messages.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    return scenario;
}

void compatibility(Verdicts& verdicts) {
    const meshtasticator::Scenario scenario = default_scenario();
    double best_s = 1e9;
    meshtasticator::Outcome outcome;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const double begun = cpu_s();
        outcome = meshtasticator::run(scenario, {}, seed);
        best_s = std::min(best_s, cpu_s() - begun);
    }
    std::printf("  %llu messages, %llu transmissions, reach %.1f %%\n",
                static_cast<unsigned long long>(outcome.messages),
                static_cast<unsigned long long>(outcome.transmissions), outcome.reach_pct);
    verdicts.at_most("30 nodes for half an hour by Meshtasticator's rules, best of 5 seeds",
                     1000 * best_s, 5, "ms of CPU");
}

void mesh_of_1000(Verdicts& verdicts, bool day) {
    MeshTerms terms;
    const Duration simulated = day ? kDay : Duration{3h};
    const Measured clear = measure(terms, simulated);
    const auto days = static_cast<double>(kDay / simulated);
    const std::string what = "1,000 radios, a text of each every 15 min, 2.7";
    verdicts.at_most(what + (day ? ", a day" : ", an eighth of a day times 8"), days * clear.run_s,
                     10, "s of CPU");
    verdicts.at_least(what, clear.events_per_s / 1e6, 2, "million events a second");
    memory(verdicts, what, clear);
    terms.firmware = radio::Firmware::V28Fixed;
    const Measured later = measure(terms, 3h);
    verdicts.at_least("the same with 2.8's rules and frames, 3 h", later.events_per_s / 1e6, 2,
                      "million events a second");
    terms.firmware = radio::Firmware::V27;
    terms.encrypts = true;
    const Measured secret = measure(terms, 3h);
    std::printf(
        "the same with AES on every frame at every receiver: %.2f times the CPU, %.2f "
        "million events a second\n",
        secret.run_s / 3 / (clear.run_s / static_cast<double>(simulated / Duration{1h})),
        secret.events_per_s / 1e6);
}

void mesh_of_10000(Verdicts& verdicts, bool day) {
    MeshTerms terms;
    terms.radios = 10'000;
    terms.text_every = 1h;
    const Duration simulated = day ? kDay : Duration{3h};
    const Measured clear = measure(terms, simulated);
    const std::string what = "10,000 radios, a text of each every hour, 2.7";
    verdicts.at_most(what + (day ? ", a day" : ", an eighth of a day times 8") +
                         ", on one core of the two that are allowed",
                     static_cast<double>(kDay / simulated) * clear.run_s, 30, "s of CPU");
    memory(verdicts, what, clear);
}

int run(bool day) {
    Verdicts verdicts;
    name_machine();
    compatibility(verdicts);
    mesh_of_1000(verdicts, day);
    mesh_of_10000(verdicts, day);
    return verdicts.all_good() ? 0 : 1;
}

}  // namespace
}  // namespace compot::bench

int main(int argc, char** argv) {
    const bool day = argc == 2 && std::strcmp(argv[1], "--day") == 0;
    if (argc > 1 && !day) {
        std::fprintf(stderr, "usage: %s [--day]   whole days, instead of an eighth of each\n",
                     argv[0]);
        return 2;
    }
    return compot::bench::run(day);
}
