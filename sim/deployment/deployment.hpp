#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/air/modem.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "radio/radio.hpp"
#include "radio/region.hpp"
#include "sim/ether/ether.hpp"
#include "sim/scenario/scenario.hpp"

/// A mesh of plain Meshtastic radios as a file describes it: where they stand, how they are set,
/// what they say, how they move and fail. Plain values, checked when they are read; what is left to
/// chance is not drawn here. doc/scenario.md has every key.

namespace compot::deployment {

using scenario::Failure;

inline constexpr std::size_t kNodesMost = 20'000;

enum class Model : std::uint8_t {
    FreeSpace,
    LogDistance,
    TwoRay,
    HataLargeCity,
    HataCity,
    HataSuburb,
    HataOpen,
    MacroSuburb,
    MacroCity,
};

struct NodePlan {
    std::string name;
    std::optional<ether::Position> at;  ///< drawn when absent; z is the antenna
    radio::Role role = radio::Role::Client;
    std::int32_t power_cdbm = 2200;
    std::int32_t gain_cdb = 0;
    std::int32_t antenna_cm = 150;
    std::optional<std::uint8_t> hop_limit;  ///< the mesh's when absent
};

/// So many of the nodes that are not listed one by one.
struct RoleShare {
    radio::Role role = radio::Role::Client;
    std::uint32_t nodes = 0;
};

struct Place {
    enum class How : std::uint8_t { Random, Grid, Clusters };
    How how = How::Random;
    std::int32_t width_cm = 200'000;
    std::int32_t height_cm = 200'000;
    std::int32_t least_cm = 100;  ///< between any two nodes
    std::uint32_t clusters = 4;
    std::int32_t spread_cm = 15'000;  ///< standard deviation around a cluster's middle
};

struct LinkLoss {
    std::size_t from = 0;
    std::size_t to = 0;
    std::int32_t loss_cdb = 0;
};

struct Air {
    Model model = Model::MacroSuburb;
    std::uint32_t frequency_khz = 0;
    std::int32_t reference_loss_cdb = 3130;  ///< of LogDistance, over one metre
    std::int32_t exponent_hundredths = 300;
    ether::Terms terms;           ///< its seed is the run's
    std::vector<LinkLoss> links;  ///< measured losses instead of the model's
    bool measured = false;        ///< the links are all there are: the others are out of reach
};

struct Traffic {
    enum class Profile : std::uint8_t {
        Silent,
        Messages,    ///< texts alone
        Defaults,    ///< what the firmware says by itself, and texts
        BurningMan,  ///< as a capture of 2025 has it
        Defcon,      ///< as a capture of DEF CON 33 has it
    };
    Profile profile = Profile::Defaults;
    Duration text_every = 1h;  ///< mean, of each node
    std::uint16_t bytes_least = 20;
    std::uint16_t bytes_most = 60;
    std::uint16_t direct_permille = 0;  ///< of the texts: to one node, with an acknowledgement
    bool want_ack = true;               ///< of broadcast texts, as phones ask for it
    Duration nodeinfo_every = 3h;
    Duration position_every = 1h;
    Duration telemetry_every = 1h;
    std::uint32_t packets_per_hour = 0;  ///< of a capture's profile, the whole mesh together
};

/// How many packets the capture's gateway heard in an hour. REQUIRES: a capture's profile.
[[nodiscard]] std::uint32_t capture_packets_per_hour(Traffic::Profile profile);

struct Mobility {
    std::uint16_t permille = 0;  ///< of the nodes move, between random places of the area
    std::int32_t slowest_cm_s = 100;
    std::int32_t fastest_cm_s = 200;
    Duration pause = 60s;  ///< at most, at each place
    Duration step = 10s;   ///< between two places that the ether is told
};

struct Churn {
    Duration between_failures{};  ///< mean, of each node; 0: none fails
    Duration off = 10min;         ///< mean
};

struct Happening {
    enum class What : std::uint8_t { Drop, Revive, Reboot };
    Duration at{};
    What what = What::Drop;
    std::string node;            ///< a name, or
    std::uint16_t permille = 0;  ///< a share of all, chosen by the seed
};

/// Currents in microamperes.
struct Energy {
    std::uint32_t battery_mah = 0;  ///< 0: unlimited, on mains
    std::uint32_t receive_ua = 5300;
    std::uint32_t transmit_ua = 0;  ///< 0: by the power
    std::uint32_t mcu_ua = 0;
    std::uint32_t sleep_ua = 10;
    Duration awake =
        0s;  ///< trackers and sensors sleep but for so long after each packet; 0: never
};

struct Foreign {
    std::uint16_t load_permille = 0;  ///< of the time, all of them together
    std::uint16_t stations = 4;
    std::uint16_t bytes_least = 30;  ///< of a whole frame
    std::uint16_t bytes_most = 160;
    std::int32_t antenna_cm = 150;
};

struct Deployment {
    std::string file;  ///< for what turns out wrong only when places are drawn
    std::string name;  ///< the file's, without folder and extension
    std::string title;
    Duration until = 1h;
    Duration settle = 60s;  ///< at the end: nothing new is said

    radio::Region region;
    air::Preset preset = air::Preset::LongFast;
    std::string channel;
    std::uint8_t hop_limit = 3;
    radio::Firmware firmware = radio::Firmware::V27;
    NodePlan common;               ///< what all have that are not listed
    std::vector<NodePlan> listed;  ///< come first
    std::size_t nodes = 0;         ///< all of them
    std::vector<RoleShare> roles;
    Place place;
    Air air;
    std::vector<ether::Position> measured_places;  ///< of all nodes, where links were measured
    Traffic traffic;
    Mobility mobility;
    Churn churn;
    std::vector<Happening> happenings;
    Energy energy;
    Foreign foreign;

    [[nodiscard]] air::Modem modem() const { return compot::air::modem(preset, region.wide_band); }
};

/// How a scenario's other files are read, by the name that it gives them.
using ReadFile = std::function<Result<std::string, Failure>(const std::string& name)>;

/// Files beside the scenario `file`, of at most 64 MB.
[[nodiscard]] ReadFile beside(const std::string& file);

/// Does this text describe such a mesh, rather than a swarm of nodes of ours? A text that is no
/// TOML does not.
[[nodiscard]] bool is_deployment(const std::string& text);

/// Reads `text` as the file `file`, overrides first. ERRORS: the first thing that is wrong.
[[nodiscard]] Result<Deployment, Failure> parse(const std::string& text, const std::string& file,
                                                const std::vector<scenario::Override>& overrides,
                                                const ReadFile& read_file);

[[nodiscard]] std::unique_ptr<ether::PathLoss> path_loss(const Deployment& deployment);

}  // namespace compot::deployment
