#pragma once

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace compot::sim {

/// Whoever wants the bytes on the air: a capture file, a test that replays them.
class FrameTap {
public:
    virtual ~FrameTap() = default;
    virtual void frame(Time at, NodeId transmitter, BytesView bytes) = 0;
};

}  // namespace compot::sim
