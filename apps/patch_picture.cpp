#include "apps/patch_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "apps/files.hpp"

namespace compot::apps {

namespace {

using patch::Spending;

constexpr std::array<const char*, Spending::kAccounts> kAccounts = {"operations", "flags",
                                                                    "corrections", "literals"};
constexpr std::array<const char*, Spending::kAccounts> kColours = {"#4c78a8", "#9ecae9", "#f58518",
                                                                   "#e45756"};

double sum(const std::array<double, Spending::kAccounts>& bits) {
    return std::accumulate(bits.begin(), bits.end(), 0.0);
}

double busiest(const Spending& spending) {
    double most = 1.0;
    for (const auto& stretch : spending.stretches) most = std::max(most, sum(stretch));
    return most;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '<') {
            out += "&lt;";
        } else if (letter == '&') {
            out += "&amp;";
        } else {
            out += letter;
        }
    }
    return out;
}

}  // namespace

nlohmann::ordered_json spending_as_json(const patch::Patch& patch) {
    nlohmann::ordered_json spent{{"header", patch.header_bytes * 8}};
    for (std::size_t i = 0; i < Spending::kAccounts; ++i)
        spent[account_name(i)] = std::lround(patch.spending.bits[i]);
    return spent;
}

nlohmann::ordered_json sections_as_json(const patch::Patch& patch) {
    auto sections = nlohmann::ordered_json::array();
    for (const auto& part : patch.spending.sections) {
        sections.push_back({{"name", part.section.name},
                            {"start", part.section.start},
                            {"bytes", part.section.length},
                            {"spent_bits", std::lround(sum(part.bits))}});
    }
    return sections;
}

std::vector<patch::Section> read_sections(const std::string& path) {
    if (path.empty()) return {};
    constexpr std::size_t kElfBytesMax = 64U << 20U;
    const auto sections = patch::sections_of_elf(read_file(path, kElfBytesMax));
    if (!sections) throw std::runtime_error(path + ": is no whole ELF file of 32 bits");
    return *sections;
}

const char* account_name(std::size_t account) { return kAccounts[account]; }

const char* unit_name(std::size_t unit) {
    static constexpr std::array<const char*, bundle::kUnits> kNames = {"single bytes",
                                                                       "halfwords",
                                                                       "wide instructions",
                                                                       "literal constants",
                                                                       "literal addresses",
                                                                       "literal RAM",
                                                                       "table addresses",
                                                                       "table RAM",
                                                                       "calls (BL)",
                                                                       "far jumps (B.W)",
                                                                       "far conditions",
                                                                       "near jumps",
                                                                       "near conditions",
                                                                       "compare and jump",
                                                                       "literal loads",
                                                                       "near ADR",
                                                                       "far loads",
                                                                       "pair loads",
                                                                       "far ADR"};
    return kNames[unit];
}

std::string picture_as_text(const patch::Patch& patch) {
    const Spending& spending = patch.spending;
    std::string out =
        fmt::format("{:>12} {:>8}\n{:>12} {:>8}\n", "part", "bytes", "header", patch.header_bytes);
    for (std::size_t i = 0; i < Spending::kAccounts; ++i) {
        const double bytes = spending.bits[i] / 8;
        const double share = bytes / static_cast<double>(patch.bytes.size());
        out += fmt::format("{:>12} {:>8.1f} {}\n", kAccounts[i], bytes,
                           std::string(static_cast<std::size_t>(share * 50), '#'));
    }
    out += fmt::format("{:>12} {:>8}\n\nsurprises by what stands there (bytes)\n", "all",
                       patch.bytes.size());
    for (std::size_t unit = 0; unit < bundle::kUnits; ++unit)
        if (spending.surprises[unit] >= 4)
            out += fmt::format("{:>18} {:>8.1f}\n", unit_name(unit), spending.surprises[unit] / 8);
    out += "\nby section\n";
    for (const auto& part : spending.sections) {
        out += fmt::format("{:>18} {:>8.1f} for {} bytes\n", part.section.name, sum(part.bits) / 8,
                           part.section.length);
    }
    out += "\nalong the new image\n[";
    const double most = busiest(spending);
    static constexpr char kShades[] = " .:-=+*#%@";
    for (const auto& stretch : spending.stretches)
        out += kShades[static_cast<std::size_t>(sum(stretch) / most * 9)];
    return out + "]\n";
}

std::string picture_as_html(const patch::Patch& patch, const std::string& title) {
    const Spending& spending = patch.spending;
    std::string out = fmt::format(
        "<!doctype html><meta charset=utf-8><title>{0}</title><style>body{{font:16px sans-serif;"
        "margin:2em;max-width:60em}}td{{padding:2px 12px}}</style><h1>{0}</h1><p>{1} bytes: where "
        "they go, along the new image</p><svg viewBox='0 0 960 240' width='100%'>",
        escaped(title), patch.bytes.size());
    const double most = busiest(spending);
    for (std::size_t i = 0; i < Spending::kStretches; ++i) {
        double top = 230;
        for (std::size_t account = 0; account < Spending::kAccounts; ++account) {
            const double height = spending.stretches[i][account] / most * 220;
            top -= height;
            out += fmt::format(
                "<rect x='{}' y='{:.1f}' width='13' height='{:.1f}' fill='{}'><title>{}: {:.1f} "
                "bytes</title></rect>",
                i * 15, top, height, kColours[account], kAccounts[account],
                spending.stretches[i][account] / 8);
        }
    }
    out += fmt::format("</svg><table><tr><td>header<td>{}", patch.header_bytes);
    for (std::size_t i = 0; i < Spending::kAccounts; ++i)
        out += fmt::format("<tr><td><span style='color:{}'>&#9632;</span> {}<td>{:.1f}",
                           kColours[i], kAccounts[i], spending.bits[i] / 8);
    out += "</table><h2>Surprises by what stands there</h2><table>";
    for (std::size_t unit = 0; unit < bundle::kUnits; ++unit)
        if (spending.surprises[unit] >= 4)
            out +=
                fmt::format("<tr><td>{}<td>{:.1f}", unit_name(unit), spending.surprises[unit] / 8);
    out += "</table><h2>By section</h2><table><tr><td>section<td>bytes of image<td>bytes of patch";
    for (const char* account : kAccounts) out += fmt::format("<td>{}", account);
    for (const auto& part : spending.sections) {
        out += fmt::format("<tr><td>{}<td>{}<td>{:.1f}", escaped(part.section.name),
                           part.section.length, sum(part.bits) / 8);
        for (const double bits : part.bits) out += fmt::format("<td>{:.1f}", bits / 8);
    }
    return out + "</table>\n";
}

}  // namespace compot::apps
