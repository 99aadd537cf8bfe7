#include "observe/report/page.hpp"

#include <fmt/format.h>

#include <string_view>

namespace compot::report {

namespace {

constexpr std::string_view kStyle =
#include "observe/report/page.css.inc"
    ;
constexpr std::string_view kCharts =
#include "observe/report/charts.js.inc"
    ;
constexpr std::string_view kRun =
#include "observe/report/run.js.inc"
    ;
constexpr std::string_view kSpread =
#include "observe/report/spread.js.inc"
    ;
constexpr std::string_view kSweep =
#include "observe/report/sweep.js.inc"
    ;

/// Text between tags.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '&': safe += "&amp;"; break;
            default: safe += c;
        }
    }
    return safe;
}

/// JSON that no tag can end: a name in it may hold anything.
std::string inside_script(const std::string& json) {
    std::string safe;
    safe.reserve(json.size());
    for (const char c : json) {
        if (c == '<')
            safe += "\\u003c";
        else
            safe += c;
    }
    return safe;
}

std::string page(const std::string& title, const std::string& json, std::string_view script,
                 std::string_view more) {
    return fmt::format(
        R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{}</title>
<style>
{}</style>
</head>
<body>
<header></header>
<main><noscript><p>The pictures need JavaScript; the same figures are in the .json and the .csv beside this file.</p></noscript></main>
<footer>Written by Compotastic. Nothing here is fetched from anywhere; the same figures are in the .json and the .csv beside this file.</footer>
<script type="application/json" id="figures">{}</script>
<script>
{}
{}
{}</script>
</body>
</html>
)",
        escaped(title), kStyle, inside_script(json), kCharts, more, script);
}

}  // namespace

std::string run_page(const std::string& title, const std::string& json) {
    return page(title, json, kRun, kSpread);
}

std::string sweep_page(const std::string& title, const std::string& json) {
    return page(title, json, kSweep, "");
}

}  // namespace compot::report
