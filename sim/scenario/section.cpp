#include "sim/scenario/section.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "sim/scenario/plain_text.hpp"
#include "sim/scenario/spelling.hpp"

namespace compot::scenario {

namespace {

std::string range(std::string_view kind, std::int64_t least, std::int64_t most) {
    return std::string(kind) + " from " + std::to_string(least) + " to " + std::to_string(most);
}

std::string decimal(std::int64_t hundredths) {
    const std::int64_t size = hundredths < 0 ? -hundredths : hundredths;
    std::string text = std::to_string(size / 100);
    if (size % 100 != 0) text += "." + std::to_string(size / 10 % 10) + std::to_string(size % 10);
    return (hundredths < 0 ? "-" : "") + text;
}

/// value * scale to the nearest integer. IEEE multiplication is exact to the last bit everywhere.
std::optional<std::int64_t> to_scaled(const toml::node& node, std::int64_t scale) {
    if (const auto whole = node.value_exact<std::int64_t>()) {
        if (*whole > 1'000'000'000'000 || *whole < -1'000'000'000'000) return std::nullopt;
        return *whole * scale;
    }
    const auto real = node.value_exact<double>();
    if (!real || !(*real < 1e12 && *real > -1e12)) return std::nullopt;
    const double product = *real * static_cast<double>(scale);
    return static_cast<std::int64_t>(product < 0 ? product - 0.5 : product + 0.5);
}

}  // namespace

std::string written(const toml::node& node) {
    std::ostringstream out;
    node.visit([&](const auto& concrete) { out << concrete; });
    return out.str();
}

Section::Section(Reading& reading, const toml::table* table, std::string path)
    : reading_(&reading), table_(table), path_(std::move(path)) {}

std::string Section::dotted(std::string_view key) const {
    if (key.empty()) return path_;
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Section::fail(std::string_view key, const std::string& what) {
    if (!reading_->error.empty()) return;
    const std::string path = dotted(key);
    for (const std::string& set : reading_->overridden) {
        if (path == set || path.starts_with(set + ".") || set.starts_with(path + ".")) {
            reading_->error = one_line("--set " + set + ": " + path + ": " + what);
            return;
        }
    }
    const toml::node* node = table_ != nullptr ? table_->get(key) : nullptr;
    if (node == nullptr) node = table_;
    const auto line = node != nullptr ? node->source().begin.line : 0;
    reading_->error = one_line(reading_->file + (line > 0 ? ":" + std::to_string(line) : "") +
                               ": " + (path.empty() ? "" : path + ": ") + what);
}

const toml::node* Section::find(std::string_view key) {
    asked_.emplace(key);
    return table_ != nullptr ? table_->get(key) : nullptr;
}

bool Section::has(std::string_view key) const {
    return table_ != nullptr && table_->get(key) != nullptr;
}

std::int64_t Section::integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                              std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return *value;
    fail(key, "expected " + range("a whole number", least, most) + ", found " + written(*node));
    return fallback;
}

std::int32_t Section::hundredths(std::string_view key, std::int32_t fallback, std::int32_t least,
                                 std::int32_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = to_scaled(*node, 100);
    if (value && *value >= least && *value <= most) return static_cast<std::int32_t>(*value);
    fail(key, "expected a number from " + decimal(least) + " to " + decimal(most) + ", found " +
                  written(*node));
    return fallback;
}

Duration Section::seconds(std::string_view key, Duration fallback, Duration least, Duration most) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = to_scaled(*node, 1'000'000);
    if (value && *value >= least.count() && *value <= most.count()) return Duration{*value};
    fail(key, "expected seconds from " + decimal(least.count() / 10'000) + " to " +
                  decimal(most.count() / 10'000) + ", found " + written(*node));
    return fallback;
}

bool Section::boolean(std::string_view key, bool fallback) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<bool>();
    if (!value) fail(key, "expected true or false, found " + written(*node));
    return value.value_or(fallback);
}

std::string Section::text(std::string_view key, std::optional<std::string> fallback) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        if (!fallback) missing(key, "a text");
        return fallback.value_or("");
    }
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) fail(key, "expected a text, found " + written(*node));
    return value.value_or("");
}

std::size_t Section::choice(std::string_view key, std::size_t fallback,
                            const std::vector<std::string_view>& choices) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::string>();
    std::string all;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (value && *value == choices[i]) return i;
        all += (i == 0 ? "" : ", ") + std::string(choices[i]);
    }
    fail(key, "expected one of " + all + "; found " + written(*node));
    return fallback;
}

std::optional<learn::Cell> Section::to_cell(const toml::node& node) const {
    const toml::array* pair = node.as_array();
    if (pair == nullptr || pair->size() != 2) return std::nullopt;
    const auto x = (*pair)[0].value_exact<std::int64_t>();
    const auto y = (*pair)[1].value_exact<std::int64_t>();
    if (!x || !y || *x < 0 || *y < 0 || *x >= learn::kGridSide || *y >= learn::kGridSide) {
        return std::nullopt;
    }
    return learn::Cell{static_cast<std::uint8_t>(*x), static_cast<std::uint8_t>(*y)};
}

learn::Cell Section::cell(std::string_view key, std::optional<learn::Cell> fallback) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        if (!fallback) missing(key, "a tile [x, y]");
        return fallback.value_or(learn::Cell{});
    }
    const auto cell = to_cell(*node);
    if (!cell) fail(key, "expected a tile [x, y] of 0 to 15, found " + written(*node));
    return cell.value_or(learn::Cell{});
}

std::vector<learn::Cell> Section::cells(std::string_view key, std::size_t most) {
    std::vector<learn::Cell> all;
    const toml::node* node = find(key);
    if (node == nullptr) return all;
    const toml::array* array = node->as_array();
    bool good = array != nullptr && array->size() <= most;
    for (std::size_t i = 0; good && i < array->size(); ++i) {
        const auto cell = to_cell(*array->get(i));
        good = cell.has_value();
        if (cell) all.push_back(*cell);
    }
    if (!good) {
        fail(key, "expected at most " + std::to_string(most) +
                      " tiles [[x, y], ...] of 0 to 15, found " + written(*node));
    }
    return all;
}

std::vector<std::string> Section::text_or_texts(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    if (const auto one = node->value_exact<std::string>()) return {*one};
    return texts(key);
}

std::vector<std::string> Section::texts(std::string_view key) {
    std::vector<std::string> all;
    const toml::node* node = find(key);
    if (node == nullptr) return all;
    const toml::array* array = node->as_array();
    bool good = array != nullptr;
    for (std::size_t i = 0; good && i < array->size(); ++i) {
        const auto value = array->get(i)->value_exact<std::string>();
        good = value.has_value();
        if (value) all.push_back(*value);
    }
    if (!good) fail(key, "expected texts [\"...\", ...], found " + written(*node));
    return all;
}

std::pair<std::int32_t, std::int32_t> Section::pair(std::string_view key, std::int64_t farthest,
                                                    const std::string& unit) {
    const toml::node* node = find(key);
    const toml::array* both = node != nullptr ? node->as_array() : nullptr;
    if (both != nullptr && both->size() == 2) {
        const auto x = to_scaled(*both->get(0), 100);
        const auto y = to_scaled(*both->get(1), 100);
        if (x && y && *x >= -farthest && *x <= farthest && *y >= -farthest && *y <= farthest) {
            return {static_cast<std::int32_t>(*x), static_cast<std::int32_t>(*y)};
        }
    }
    fail(key, "expected a place [x, y] in " + unit + ", found " +
                  (node != nullptr ? written(*node) : std::string("nothing")));
    return {0, 0};
}

std::pair<std::int32_t, std::int32_t> Section::place(std::string_view key) {
    return pair(key, 100'000, "tiles");
}

std::pair<std::int32_t, std::int32_t> Section::point_cm(std::string_view key) {
    return pair(key, 10'000'000, "metres");
}

Section Section::section(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table())
        fail(key, "expected a table, found " + written(*node));
    if (node == nullptr) blame_typing(key);
    return Section(*reading_, node != nullptr ? node->as_table() : nullptr, dotted(key));
}

std::vector<Section> Section::sections(std::string_view key) {
    std::vector<Section> all;
    const toml::node* node = find(key);
    if (node == nullptr) return all;
    const toml::array* array = node->as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        const toml::table* table = array->get(i)->as_table();
        if (table == nullptr) {
            array = nullptr;
            break;
        }
        // Named tables are called by their names, as --set calls them.
        const toml::node* name = table->get("name");
        const auto called = name != nullptr ? name->value_exact<std::string>() : std::nullopt;
        all.emplace_back(*reading_, table, dotted(key) + "." + called.value_or(std::to_string(i)));
    }
    if (array == nullptr) fail(key, "expected tables [[" + std::string(key) + "]]");
    return all;
}

/// A key that looks like `wanted` and that nobody has asked for is what a person meant.
void Section::blame_typing(std::string_view wanted) {
    if (table_ == nullptr) return;
    const std::size_t most = std::min(kTypingErrorsMost, wanted.size() - 1);
    for (const auto& [key, node] : *table_) {
        if (!asked_.contains(key.str()) && typing_errors(key.str(), wanted) <= most)
            return fail(key.str(), "unknown key (did you mean " + std::string(wanted) + "?)");
    }
}

void Section::missing(std::string_view key, const std::string& expected) {
    blame_typing(key);
    fail(key, "is missing; expected " + expected);
}

void Section::finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
        if (!asked_.contains(key.str())) {
            std::string known;
            for (const std::string& asked : asked_) known += (known.empty() ? "" : ", ") + asked;
            const std::string meant = word_meant(key.str(), asked_);
            fail(key.str(), "unknown key" +
                                (meant.empty() ? "" : " (did you mean " + meant + "?)") +
                                "; known here: " + known);
        }
    }
}

}  // namespace compot::scenario
