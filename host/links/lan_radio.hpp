#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/ids.hpp"
#include "host/links/multicast.hpp"

/// A radio on the local network with UDP broadcast enabled, as others there see it: what it sends
/// into the air it tells them too, each packet once. The radio itself is elsewhere.

namespace compot::links {

class LanRadio final {
public:
    /// Called on a thread of its own, which ends with the object.
    struct Listener {
        /// A packet that is new to it, for the radio to take as if it had been heard.
        std::function<void(const radio::Frame& frame)> heard;
        /// It is there, or why not: "is on the network", once each.
        std::function<void(const std::string& what)> news;
    };

    LanRadio(NodeId self, const UdpAddress& address, Listener listener);
    LanRadio(const LanRadio&) = delete;
    LanRadio& operator=(const LanRadio&) = delete;
    ~LanRadio();

    /// A frame that the radio sends, its own or relayed; what is none is left out. From any thread.
    void sent(BytesView frame);

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::links
