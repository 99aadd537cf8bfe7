#pragma once

#include <vector>

#include "observe/report/account.hpp"

/// A run cut into stretches of equal length, without knowing beforehand how long it will be: when
/// there are too many, each two become one.

namespace compot::report {

class Slots {
public:
    /// Everything up to `now` has been told. `nodes` is how they stand.
    void advance(Time now, const std::vector<NodeAccount>& nodes);

    enum class Whose : std::uint8_t { Own, Relayed, Foreign };

    /// A transmission begins now. Its time on the air is spread over the slots that it touches.
    void transmission(Whose whose, Who who, Time begin, Time end);

    void fate(observe::Fate fate);

    /// Between two slot ends: the lowest purse counts.
    void purse(Who who, Duration balance);

    /// Closes the last slot at `until` and moves everything into `account`.
    void finish(Time until, Account& account);

private:
    struct Flying {
        Whose whose = Whose::Own;
        Who who = 0;
        Time begin{};
        Time end{};
    };

    void close(Time end, const std::vector<NodeAccount>& nodes);
    void spread(Time end);
    void sample(const std::vector<NodeAccount>& nodes);
    void join_pairs();
    NodeSlot& current(Who who);

    Duration length_ = std::chrono::seconds(1);
    Time begin_{};
    Slot slot_;
    std::vector<Slot> slots_;
    std::vector<NodeSlot> now_;  ///< of the open slot, by node
    std::vector<bool> touched_;  ///< its purse has a lowest
    std::vector<std::vector<NodeSlot>> series_;
    std::vector<Flying> flying_;
    bool too_many_nodes_ = false;
};

}  // namespace compot::report
