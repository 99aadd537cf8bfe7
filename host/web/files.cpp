#include "host/web/files.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace compot::web {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 64UL * 1024 * 1024;

constexpr std::string_view kNoPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Compotastic</title>"
    "<h1>The swarm is running, the page is not built</h1>"
    "<p>Build it with <code>cd ui &amp;&amp; npm ci --ignore-scripts &amp;&amp; npm run "
    "build</code>"
    " (or start with <code>./run</code>, which does) and reload. Until then: "
    "<a href=\"/health\">/health</a>, <a href=\"/api/nodes\">/api/nodes</a>, "
    "<a href=\"/api/jobs\">/api/jobs</a>, <a href=\"/api/ledger\">/api/ledger</a>, "
    "<a href=\"/api/packets\">/api/packets</a>, and the feed on <code>/ws</code>.</p></html>";

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out;
}

/// Only plain names between slashes: no "..", nothing hidden, no backslash and no control byte.
bool harmless(std::string_view path) {
    if (path.empty() || path.front() != '/') return false;
    for (const char letter : path) {
        if (letter == '\\' || static_cast<unsigned char>(letter) < 0x20) return false;
    }
    return path.find("/.") == std::string_view::npos && path.find("//") == std::string_view::npos;
}

bool is_below(const fs::path& file, const fs::path& root) {
    std::error_code error;
    const fs::path real_file = fs::canonical(file, error);
    if (error) return false;
    const fs::path real_root = fs::canonical(root, error);
    if (error) return false;
    const auto out = real_file.lexically_relative(real_root);
    return !out.empty() && *out.begin() != "..";
}

std::optional<std::string> contents(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > kFileBytesMax || error)
        return std::nullopt;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::string_view mime_type(const fs::path& file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".ico", "image/x-icon"},
        {".webp", "image/webp"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
    }};
    const std::string end = file.extension().string();
    for (const auto& [suffix, type] : kTypes) {
        if (end == suffix) return type;
    }
    return "application/octet-stream";
}

Response Files::get(std::string_view path) const {
    auto name = percent_decoded(path);
    if (!name || !harmless(*name)) return refusal(404, "no such file");
    if (name->back() == '/') *name += "index.html";
    const fs::path file = root_ / name->substr(1);
    auto bytes = is_below(file, root_) ? contents(file) : std::nullopt;
    if (bytes) return {200, std::string(mime_type(file)), *std::move(bytes)};
    if (*name == "/index.html") return {200, "text/html; charset=utf-8", std::string(kNoPage)};
    return refusal(404, "no such file");
}

}  // namespace compot::web
