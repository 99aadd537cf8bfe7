#pragma once

#include <cstdint>
#include <string>

/// Where a stand-in's one client comes in by TCP, and its owner's words by standard input. One
/// thread: wait() is the only place that waits.

namespace compot::firmware_stand_in {

class Door {
public:
    /// Listens on the loopback address; 0 is a free port. Ends the program when it can't.
    explicit Door(std::uint16_t port);
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    ~Door();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Until something came, at most so long; whole lines that were typed meanwhile.
    [[nodiscard]] std::string wait(int milliseconds);

    /// True once after a client has come; the one before is gone then.
    [[nodiscard]] bool came_anew();
    [[nodiscard]] std::string take_heard();
    void say(const std::string& bytes);

    /// Standard input has ended: whoever started this is gone.
    [[nodiscard]] bool abandoned() const { return abandoned_; }

private:
    void read_client();
    void read_typed();

    int listener_ = -1;
    int client_ = -1;
    std::uint16_t port_ = 0;
    bool came_ = false;
    bool abandoned_ = false;
    std::string typed_;
    std::string heard_;
};

}  // namespace compot::firmware_stand_in
