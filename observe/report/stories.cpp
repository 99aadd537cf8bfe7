#include "observe/report/stories.hpp"

namespace compot::report {

namespace {

constexpr std::size_t kStoriesMost = 400;
/// Lines of all kept packets together; with 25 bytes each, what a page can hold.
constexpr std::size_t kLinesMost = 60'000;

std::size_t lines_of(const Story& story) {
    std::size_t lines = 0;
    for (const Story::Flight& flight : story.flights) lines += 1 + flight.heard.size();
    return lines;
}

}  // namespace

std::optional<std::uint64_t> Stories::begin(Story story) {
    const std::uint64_t number = begun_++;
    if (number % stride_ != 0) return std::nullopt;
    kept_.emplace(number, std::move(story));
    grown(0);
    return number;
}

Story* Stories::find(std::uint64_t number) {
    const auto found = kept_.find(number);
    return found == kept_.end() ? nullptr : &found->second;
}

void Stories::grown(std::size_t count) {
    lines_ += count;
    while (kept_.size() > kStoriesMost || (lines_ > kLinesMost && kept_.size() > 1)) {
        stride_ *= 2;
        std::erase_if(kept_, [this](const auto& one) {
            if (one.first % stride_ == 0) return false;
            lines_ -= lines_of(one.second);
            return true;
        });
    }
}

void Stories::finish(Account& account) {
    account.packets_between_stories = stride_;
    for (auto& [number, story] : kept_) account.stories.push_back(std::move(story));
}

}  // namespace compot::report
