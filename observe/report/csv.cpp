#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/check.hpp"
#include "observe/report/json.hpp"

namespace compot::report {

namespace {

using Json = nlohmann::ordered_json;

/// What tells the elements of a section's array apart.
std::string item_of(const std::string& section, const Json& element, std::size_t index) {
    for (const char* key : {"id", "kind", "hop", "nonce", "percent", "from_m", "at_us"})
        if (element.contains(key) && section != "packets")
            return element[key].is_string() ? element[key].get<std::string>() : element[key].dump();
    return std::to_string(index);
}

std::string value_of(const Json& value) {
    if (value.is_null()) return "";
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void put_row(std::string& csv, const std::string& section, const std::string& item,
             const std::string& figure, const Json& value) {
    csv += fmt::format("{},{},{},{}\n", csv_field(section), csv_field(item), csv_field(figure),
                       csv_field(value_of(value)));
}

/// Figures of one object; arrays of plain numbers by their index, steps of a job one by one.
void put_object(std::string& csv, const std::string& section, const std::string& item,
                const Json& object) {
    for (const auto& [name, value] : object.items()) {
        if (!value.is_array()) {
            put_row(csv, section, item, name, value);
            continue;
        }
        if (name == "flights" || name == "path") continue;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string figure = fmt::format("{}[{}]", name, i);
            if (!value[i].is_object()) {
                put_row(csv, section, item, figure, value[i]);
                continue;
            }
            for (const auto& [inner, one] : value[i].items())
                put_row(csv, section, item, figure + "." + inner, one);
        }
    }
}

}  // namespace

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string to_csv(const std::string& json) {
    const Json report = Json::parse(json, nullptr, false);
    COMPOT_CHECK(report.is_object());
    std::string csv = "section,item,figure,value\n";
    for (const auto& [section, content] : report.items()) {
        if (content.is_object()) put_object(csv, section, "", content);
        if (!content.is_array()) continue;
        for (std::size_t i = 0; i < content.size(); ++i)
            put_object(csv, section, item_of(section, content[i], i), content[i]);
    }
    return csv;
}

}  // namespace compot::report
