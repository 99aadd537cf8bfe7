#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "observe/report/account.hpp"

/// Keeps the ways of single packets for a picture, as many as a page can hold: of a long run every
/// second one, then every fourth, and so on.

namespace compot::report {

class Stories {
public:
    /// A packet begins; its number if it is among the kept, else nothing.
    [[nodiscard]] std::optional<std::uint64_t> begin(Story story);

    /// A kept packet, or null once it had to make room.
    [[nodiscard]] Story* find(std::uint64_t number);

    /// `count` more lines about kept packets.
    void grown(std::size_t count);

    void finish(Account& account);

private:
    std::map<std::uint64_t, Story> kept_;
    std::uint64_t begun_ = 0;
    std::uint64_t stride_ = 1;
    std::size_t lines_ = 0;
};

}  // namespace compot::report
