#include "sim/scenario/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "sim/scenario/plain_text.hpp"

namespace compot::scenario {

namespace {

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> parts(1);
    for (const char c : path) {
        if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back().push_back(c);
        }
    }
    return parts;
}

toml::node* element(toml::array& array, const std::string& called) {
    for (toml::node& node : array) {
        const toml::table* table = node.as_table();
        const toml::node* name = table != nullptr ? table->get("name") : nullptr;
        if (name != nullptr && name->value_exact<std::string>() == called) return &node;
    }
    std::size_t index = 0;
    const char* const end = called.data() + called.size();
    const auto parsed = std::from_chars(called.data(), end, index);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return nullptr;
    return array.get(index);
}

/// The table or array that holds the last part; null when the path leads nowhere.
toml::node* holder(toml::table& root, const std::vector<std::string>& parts) {
    toml::node* at = &root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (toml::table* table = at->as_table(); table != nullptr) {
            if (!table->contains(parts[i])) table->insert(parts[i], toml::table{});
            at = table->get(parts[i]);
        } else if (toml::array* array = at->as_array(); array != nullptr) {
            at = element(*array, parts[i]);
        } else {
            return nullptr;
        }
        if (at == nullptr) return nullptr;
    }
    return at;
}

/// "3", "true", "[1, 2]" as TOML has them; anything else is a text without its quotes.
toml::table parsed_value(const std::string& value) {
    if (const std::string line = "v = " + value; !stray_letter(line)) {
        toml::parse_result parsed = toml::parse(line);
        if (parsed && parsed.table().size() == 1) return std::move(parsed).table();
    }
    toml::table text;
    text.insert("v", value);
    return text;
}

void replace(toml::node& at, const std::string& key, const toml::node& value, bool& done) {
    value.visit([&](const auto& concrete) {
        if (toml::table* table = at.as_table(); table != nullptr) {
            table->insert_or_assign(key, concrete);
            done = true;
        } else if (toml::array* array = at.as_array(); array != nullptr) {
            const toml::node* old = element(*array, key);
            const auto place = std::find_if(array->begin(), array->end(),
                                            [&](const toml::node& node) { return &node == old; });
            if (place == array->end()) return;
            array->replace(place, concrete);
            done = true;
        }
    });
}

}  // namespace

Result<toml::table, Failure> table_of(const std::string& text, const std::string& file) {
    if (const auto line = stray_letter(text)) {
        return Failure{file + ":" + std::to_string(*line) +
                       ": letters beyond ASCII stand in quotes and comments only"};
    }
    toml::parse_result parsed = toml::parse(text, file);
    if (parsed) return std::move(parsed).table();
    const toml::parse_error& error = parsed.error();
    return Failure{file + ":" + std::to_string(error.source().begin.line) + ": " +
                   one_line(error.description())};
}

void apply(toml::table& root, const std::vector<Override>& overrides, Reading& reading) {
    for (const Override& change : overrides) {
        const auto parts = split(change.path);
        toml::node* at = holder(root, parts);
        bool done = false;
        const toml::table value = parsed_value(change.value);
        if (at != nullptr) replace(*at, parts.back(), *value.get("v"), done);
        if (!done && reading.error.empty()) {
            reading.error = "--set " + change.path + ": no such place in " + reading.file;
        }
        reading.overridden.insert(change.path);
    }
}

}  // namespace compot::scenario
