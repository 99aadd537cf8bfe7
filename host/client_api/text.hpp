#pragma once

#include <pb.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/base/containers.hpp"

/// Into the fields of messages that nanopb made; what does not fit is cut off.

namespace compot::client_api {

template <std::size_t Size>
void copy_text(char (&to)[Size], const std::string& from) {
    const std::size_t bytes = std::min(from.size(), Size - 1);
    std::memcpy(static_cast<char*>(to), from.data(), bytes);
    to[bytes] = '\0';
}

template <typename To>
void copy_bytes(To& to, BytesView from) {
    const std::size_t bytes = std::min(from.size(), sizeof to.bytes);
    std::copy_n(from.begin(), bytes, std::begin(to.bytes));
    to.size = static_cast<pb_size_t>(bytes);
}

}  // namespace compot::client_api
