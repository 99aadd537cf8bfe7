#pragma once

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "core/base/containers.hpp"

/// The worked examples of doc/, for tests that hold documents to the code: the bytes of the fenced
/// block "bytes NAME", where each line is hex pairs, a bar, and what they mean.

namespace compot {

inline std::string hex(BytesView bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        if (!out.empty()) out += ' ';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

inline std::string doc_bytes(const std::string& path, const std::string& name) {
    std::ifstream file(path);
    std::string out;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (inside && line.rfind("```", 0) == 0) return out;
        if (inside) {
            std::istringstream words(line.substr(0, line.find('|')));
            for (std::string pair; words >> pair;) out += (out.empty() ? "" : " ") + pair;
        }
        inside = inside || line == "```bytes " + name;
    }
    return inside ? out : "no block \"bytes " + name + "\" in " + path;
}

}  // namespace compot
