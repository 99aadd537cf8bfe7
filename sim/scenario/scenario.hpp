#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/air/modem.hpp"
#include "core/air/purse.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/learn/envelope.hpp"
#include "core/learn/grid.hpp"
#include "core/node/config.hpp"
#include "radio/radio.hpp"
#include "sim/ether/propagation.hpp"
#include "sim/ether/reception.hpp"

/// A world as a file describes it: who is enrolled, where they stand, what the air is like, what
/// happens when. Plain values, checked when they are read; it knows no running world.

namespace compot::scenario {

/// One line for a person: what was wrong, where, and what was expected.
struct Failure {
    std::string sentence;
};

enum class Propagation : std::uint8_t { FreeSpace, LogDistance, TwoRay };

struct Link {
    std::size_t from = 0;  ///< index into nodes
    std::size_t to = 0;
    std::int32_t loss_cdb = 0;
};

struct Air {
    Propagation propagation = Propagation::LogDistance;
    std::uint32_t frequency_khz = 869'525;
    std::int32_t reference_loss_cdb = 3130;  ///< over one metre; free space at 869 MHz
    std::int32_t exponent_hundredths = 300;
    std::int32_t noise_figure_cdb = 600;
    std::int32_t shadowing_cdb = 0;
    std::int32_t asymmetry_cdb = 0;
    std::uint32_t loss_millionths = 0;
    ether::Capture capture = ether::Capture::SixDecibels;
    std::vector<ether::Ridge> ridges;
    std::vector<Link> links;  ///< measured losses instead of the model's
};

/// Strangers on the same frequency.
struct Foreign {
    std::uint16_t load_permille = 0;  ///< of the time, all of them together
    std::uint16_t stations = 4;
    std::int32_t antenna_cm = 150;
    std::uint16_t bytes_least = 30;  ///< of a whole frame
    std::uint16_t bytes_most = 160;
};

/// What a body draws and costs.
struct Energy {
    std::int64_t battery_mj = 0;
    std::uint16_t charge_permille = 1000;  ///< at the start
    std::uint32_t mcu_mw = 0;
    std::uint32_t receive_mw = 0;
    std::uint32_t transmit_mw = 0;
    std::uint32_t move_mj = 0;
    std::uint32_t work_mj = 0;
    std::uint32_t picture_mj = 0;
    std::uint32_t touch_mj = 0;   ///< bumping into a wall
    std::uint32_t danger_mj = 0;  ///< touching something dangerous
};

struct NodePlan {
    std::string name;
    node::Role role = node::Role::Cat;
    learn::Cell at;
    node::Duties duties;
    std::string holds_batches_for;  ///< a name, or empty
    std::int32_t power_cdbm = 2200;
    std::int32_t gain_cdb = 0;
    std::int32_t antenna_cm = 150;
    radio::Role radio_role = radio::Role::Client;
    bool publishes_facts = false;
    bool present = true;  ///< enrolled, but not there when false
    std::vector<learn::Cell> waypoints;
    learn::Envelope envelope;  ///< its bounds; device and signature come with the enrolment
    Energy energy;
};

/// A Meshtastic firmware that runs elsewhere (`meshtasticd -s`) and has its antenna here.
struct FirmwarePlan {
    std::string name;
    std::string address;  ///< of its client API, such as tcp:127.0.0.1:4403; may come later
    learn::Cell at;
    std::int32_t power_cdbm = 2200;
    std::int32_t gain_cdb = 0;
    std::int32_t antenna_cm = 150;
};

struct ObstaclePlan {
    learn::Cell at;
    learn::TileClass what = learn::TileClass::Immovable;
    bool known = true;  ///< its class is on everybody's map from the start
};

/// The new obstacle on the worker's route.
struct Blockage {
    bool appears = false;
    Duration at{};
    std::optional<learn::TileClass> what;  ///< drawn from the seed when absent
    std::uint8_t steps_least = 4;          ///< along the route, from the worker's start
    std::vector<std::string> known_to;     ///< who holds its class from the start
};

struct Happening {
    enum class What : std::uint8_t { Drop, Revive, Put, Remove, Drain };
    Duration at{};
    What what = What::Drop;
    std::string node;
    learn::Cell cell;
    learn::TileClass thing = learn::TileClass::Immovable;
    std::uint16_t charge_permille = 0;
};

struct Scenario {
    std::string name;  ///< the file's, without folder and extension
    std::string title;
    Duration until = 900s;
    Duration settle = 10s;  ///< how long all must be done before the run ends

    std::string channel_name;
    std::string secret;  ///< all keys come from this phrase: a scenario is not a secret
    air::Preset preset = air::Preset::ShortFast;
    std::uint8_t hop_limit = 3;
    std::uint16_t duty_cycle_permille = 1000;
    air::PurseTerms purse;
    node::Timing timing;
    std::uint16_t confidence_permille = 700;  ///< below it a person is asked

    std::int32_t cell_cm = 2500;
    Duration decision = 1s;
    Duration bodies_start{};  ///< until then nobody moves or looks around; radios are on
    std::uint8_t fix_error_tiles = 1;
    std::uint16_t fix_age_most_s = 20;
    Duration picture = 1500ms;     ///< from the shutter to the class
    std::uint8_t fog_percent = 0;  ///< of the light that cameras see: the fog's, not the things'

    Air air;
    Foreign foreign;
    std::vector<NodePlan> nodes;
    std::vector<FirmwarePlan> firmware;
    std::vector<learn::Cell> sites;
    std::vector<ObstaclePlan> obstacles;
    Blockage blockage;
    std::vector<Happening> happenings;

    [[nodiscard]] std::optional<std::size_t> node_named(const std::string& name) const;
};

/// A dotted path and a TOML value: what `--set key=value` says.
struct Override {
    std::string path;
    std::string value;
};

/// Splits "key=value". ERRORS: no '=' or an empty key.
[[nodiscard]] Result<Override, Failure> parse_override(const std::string& text);

/// ERRORS: what keeps it from being read.
[[nodiscard]] Result<std::string, Failure> read_text(const std::string& file);

/// "night" of "folder/night.toml".
[[nodiscard]] std::string stem(const std::string& file);

/// Reads `text` as the file `name`, overrides first. ERRORS: the first thing that is wrong.
[[nodiscard]] Result<Scenario, Failure> parse(const std::string& text, const std::string& file,
                                              const std::vector<Override>& overrides);

/// As parse(), from a file. ERRORS: also what keeps it from being read.
[[nodiscard]] Result<Scenario, Failure> load(const std::string& file,
                                             const std::vector<Override>& overrides);

}  // namespace compot::scenario
