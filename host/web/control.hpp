#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/learn/grid.hpp"

/// What somebody at the page wants of the world (doc/feed.md, "To the server"). Whether the world
/// can do it is for whoever runs it.

namespace compot::web {

inline constexpr double kSpeedMax = 10'000;

struct Control {
    enum class Do : std::uint8_t {
        Pause,
        Run,
        Step,
        StepPacket,
        Speed,
        Reset,
        Drop,
        Revive,
        Put,
        Remove,
        Seek,
        Cancel
    };
    Do what = Do::Pause;
    double speed = 1;                   ///< Speed: times real time; 0 is as fast as it goes
    std::optional<std::uint64_t> seed;  ///< Reset: nothing is the same seed again
    NodeId node;                        ///< Drop, Revive
    learn::Cell at;                     ///< Put, Remove
    learn::TileClass tile = learn::TileClass::Clear;  ///< Put
    Time to{};                                        ///< Seek
    std::uint32_t nonce = 0;                          ///< Cancel: of the job
};

/// Everything that can be asked for, in the order of its enum.
inline constexpr std::array kEveryDo{
    Control::Do::Pause, Control::Do::Run,    Control::Do::Step, Control::Do::StepPacket,
    Control::Do::Speed, Control::Do::Reset,  Control::Do::Drop, Control::Do::Revive,
    Control::Do::Put,   Control::Do::Remove, Control::Do::Seek, Control::Do::Cancel};

[[nodiscard]] std::string_view word(Control::Do what);

/// A job's name is 8 hexadecimal digits.
[[nodiscard]] std::optional<std::uint32_t> parse_nonce(std::string_view text);

/// ERRORS: one sentence.
[[nodiscard]] Result<Control, std::string> parse_control(std::string_view json);

/// What the answer to this text calls its `do`, whether or not it can be parsed.
[[nodiscard]] std::string control_word(std::string_view json);

}  // namespace compot::web
