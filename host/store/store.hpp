#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// A node's records on disk: a number and some bytes each, in an SQLite file. What keep() has
/// answered is there after any crash. It does not know what the records mean.

namespace compot::store {

using Record = std::pair<std::uint16_t, std::vector<std::uint8_t>>;

class Store {
public:
    /// Makes the file, readable by its owner alone, where there is none. ERRORS: one sentence: it
    /// can't be made or written, is no such store, or was written by a newer version.
    [[nodiscard]] static Result<std::unique_ptr<Store>, std::string> open(const std::string& file);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    /// In order of their numbers.
    [[nodiscard]] Result<std::vector<Record>, std::string> records();

    /// All of them or none; an empty value forgets a record. ERRORS: one sentence, e.g. that the
    /// disk is full.
    [[nodiscard]] Result<void, std::string> keep(const std::vector<Record>& records);

private:
    class Inside;
    explicit Store(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::store
