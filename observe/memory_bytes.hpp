#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "observe/recording.hpp"

/// For tests: bytes kept in memory, of which there is as little as a test wants.

namespace compot::observe {

class MemoryBytes final : public ByteSink {
public:
    bool write(std::string_view bytes) override {
        if (text.size() + bytes.size() > room) return false;
        text += bytes;
        return true;
    }

    std::string text;
    std::size_t room = SIZE_MAX;
};

}  // namespace compot::observe
