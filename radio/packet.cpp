#include "radio/packet.hpp"

namespace compot::radio {

Priority implied_priority(const mesh::Data& data, bool want_ack) {
    switch (data.portnum) {
        case mesh::port::kRouting: return Priority::Ack;
        case mesh::port::kText:
        case mesh::port::kAdmin: return Priority::High;
        default: break;
    }
    if (data.request_id != 0) return Priority::Response;
    return want_ack || data.want_response ? Priority::Reliable : Priority::Default;
}

}  // namespace compot::radio
