#include "core/node/appeal.hpp"

#include <algorithm>

namespace compot::node {

namespace {

void say(Appeal& text, const char* words) {
    while (*words != '\0') text.push(static_cast<std::uint8_t>(*words++));
}

/// Of at most three digits: a coordinate or a percentage.
void say(Appeal& text, unsigned number) {
    for (unsigned place = 100; place > 0; place /= 10) {
        if (number >= place || place == 1)
            text.push(static_cast<std::uint8_t>('0' + number / place % 10));
    }
}

void say(Appeal& text, learn::Cell at) {
    say(text, at.x);
    say(text, ",");
    say(text, at.y);
}

}  // namespace

Appeal unsure(learn::Cell at, learn::TileClass guess, std::uint16_t confidence_permille,
              const Member& asker) {
    Appeal text;
    const bool blind = guess == learn::TileClass::Clear;
    say(text, blind ? "Nothing to be seen on " : "Unsure what stands on ");
    say(text, at);
    if (blind) {
        say(text, " where something stands. ");
    } else {
        say(text, " (");
        say(text, std::min(confidence_permille / 10U, 100U));
        say(text, " %, ");
        say(text, learn::to_string(guess));
        say(text, "?). ");
    }
    for (const char letter : asker.name) {
        if (letter != '\0') text.push(static_cast<std::uint8_t>(letter));
    }
    say(text, " waits. Send a picture, or look.");
    return text;
}

Appeal unhelped(learn::Cell before) {
    Appeal text;
    say(text, "Blocked before ");
    say(text, before);
    say(text, " for 20 minutes, and nobody could help. Please look.");
    return text;
}

}  // namespace compot::node
