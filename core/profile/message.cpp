#include "core/profile/message.hpp"

#include <array>

namespace compot::profile {

namespace {

template <typename T>
concept Addressed = requires(const T& message) {
    message.to;
};

}  // namespace

const char* to_string(MessageType type) {
    static constexpr std::array<const char*, kMessageTypeMax + 1> kNames{
        "?",      "beacon",   "capability", "capability query", "assist request", "offer",
        "award",  "progress", "result",     "cancel",           "facts",          "facts query",
        "window", "success",  "telemetry",  "ledger entry",     "ledger heads"};
    const auto value = static_cast<std::size_t>(type);
    return value < kNames.size() ? kNames[value] : kNames[0];
}

KeyClass key_class(MessageType type) {
    switch (type) {
        case MessageType::Offer:
        case MessageType::Award:
        case MessageType::Progress:
        case MessageType::Result:
        case MessageType::Cancel:
        case MessageType::Window: return KeyClass::Pairwise;
        default: return KeyClass::Group;
    }
}

MessageType type_of(const Message& message) {
    return std::visit([](const auto& m) { return std::decay_t<decltype(m)>::kType; }, message);
}

NodeId addressee(const Message& message) {
    return std::visit(
        [](const auto& m) {
            if constexpr (Addressed<std::decay_t<decltype(m)>>) {
                return m.to;
            } else {
                return kBroadcast;
            }
        },
        message);
}

}  // namespace compot::profile
