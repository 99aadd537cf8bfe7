#include "core/base/result.hpp"

namespace compot {

const char* to_string(Error error) {
    switch (error) {
        case Error::None: return "none";
        case Error::Truncated: return "truncated";
        case Error::Malformed: return "malformed";
        case Error::TooBig: return "too big";
        case Error::NoRoom: return "no room";
        case Error::Unknown: return "unknown";
        case Error::Forged: return "forged";
        case Error::Stale: return "stale";
        case Error::Refused: return "refused";
        case Error::NotReady: return "not ready";
        case Error::Unsupported: return "unsupported";
    }
    return "?";
}

}  // namespace compot
