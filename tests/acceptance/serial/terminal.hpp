#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/containers.hpp"

/// A serial line made of a pseudo-terminal pair: this is the radio's end; the other end has a name
/// that stays the same when the line is unplugged and plugged in again.

namespace compot::serial_noise {

class Terminal {
public:
    /// `name` becomes a link to the other end.
    explicit Terminal(std::string name) : name_(std::move(name)) { plug(); }

    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    ~Terminal() { unplug(); }

    void plug();
    void unplug();

    /// All of it, waiting while the other end does not read.
    void write(BytesView bytes);
    /// What is there now, at most `into.size()` bytes; waits a millisecond for some.
    [[nodiscard]] std::size_t read(MutableBytes into);

private:
    std::string name_;
    int ours_ = -1;
    int theirs_ = -1;  ///< held open, so that the pair lives while nobody else has it
};

}  // namespace compot::serial_noise
