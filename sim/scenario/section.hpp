#pragma once

#define TOML_EXCEPTIONS 0
// toml++ 3.3 asserts that a key begins as keys do, and refuses one that does not right after: a
// debug build would end where a release build says what is wrong.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "core/learn/grid.hpp"

/// One table of a TOML file, read strictly: each value has a type and a range, and a key that
/// nobody asked for is an error. The first error of the whole file is kept, as one line that says
/// where, what was expected and what was found. It knows nothing of what the keys mean.

namespace compot::scenario {

/// What the sections of one file share.
struct Reading {
    std::string file;
    std::string error;                 ///< empty while all is well
    std::set<std::string> overridden;  ///< dotted paths that came from the command line
};

class Section {
public:
    /// `table` may be null: then every key has its fallback.
    Section(Reading& reading, const toml::table* table, std::string path);

    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback,
                                       std::int64_t least, std::int64_t most);

    /// A decimal number as hundredths.
    [[nodiscard]] std::int32_t hundredths(std::string_view key, std::int32_t fallback,
                                          std::int32_t least, std::int32_t most);

    /// Seconds, with decimals, as a Duration.
    [[nodiscard]] Duration seconds(std::string_view key, Duration fallback, Duration least,
                                   Duration most);

    [[nodiscard]] bool boolean(std::string_view key, bool fallback);

    /// REQUIRES a value in the file when `fallback` is nullopt.
    [[nodiscard]] std::string text(std::string_view key, std::optional<std::string> fallback);

    /// One of `choices`; the index of it.
    [[nodiscard]] std::size_t choice(std::string_view key, std::size_t fallback,
                                     const std::vector<std::string_view>& choices);

    /// [x, y], both 0..15.
    [[nodiscard]] learn::Cell cell(std::string_view key, std::optional<learn::Cell> fallback);

    /// [[x, y], ...]
    [[nodiscard]] std::vector<learn::Cell> cells(std::string_view key, std::size_t most);

    [[nodiscard]] std::vector<std::string> texts(std::string_view key);

    /// One text, or several in a list.
    [[nodiscard]] std::vector<std::string> text_or_texts(std::string_view key);

    /// A decimal pair, as hundredths of a tile: places between tiles.
    [[nodiscard]] std::pair<std::int32_t, std::int32_t> place(std::string_view key);

    /// [x, y] in metres with decimals, as centimetres, up to 100 km. REQUIRES a value in the file.
    [[nodiscard]] std::pair<std::int32_t, std::int32_t> point_cm(std::string_view key);

    [[nodiscard]] bool has(std::string_view key) const;

    [[nodiscard]] Section section(std::string_view key);

    /// Each table of `[[key]]`.
    [[nodiscard]] std::vector<Section> sections(std::string_view key);

    /// "file:line: path.key: `what`" as the error of the file, unless there is one already.
    void fail(std::string_view key, const std::string& what);

    /// Refuses what nobody asked for.
    void finish();

private:
    /// Two numbers in hundredths of a unit, neither beyond `farthest`.
    std::pair<std::int32_t, std::int32_t> pair(std::string_view key, std::int64_t farthest,
                                               const std::string& unit);
    [[nodiscard]] const toml::node* find(std::string_view key);
    void blame_typing(std::string_view wanted);
    void missing(std::string_view key, const std::string& expected);
    [[nodiscard]] std::string dotted(std::string_view key) const;
    [[nodiscard]] std::optional<learn::Cell> to_cell(const toml::node& node) const;

    Reading* reading_;
    const toml::table* table_;
    std::string path_;
    std::set<std::string, std::less<>> asked_;
};

/// A node as a person wrote it, for messages.
[[nodiscard]] std::string written(const toml::node& node);

}  // namespace compot::scenario
