#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

/// Things of some size that must outlive the process, a file each in one folder: there is the whole
/// of it or nothing, whenever the machine stops. It does not know what they are.

namespace compot::store {

class Shelf {
public:
    /// Makes the folder, for its owner alone, where there is none; what was half written is swept
    /// away. ERRORS: one sentence.
    [[nodiscard]] static Result<std::unique_ptr<Shelf>, std::string> open(
        const std::string& folder);

    /// In the place of an earlier one of that name. On the disk when it returns. REQUIRES: a name
    /// of letters and digits. ERRORS: one sentence, e.g. that the disk is full; then the earlier
    /// one stays.
    [[nodiscard]] Result<void, std::string> put(const std::string& name, const std::string& bytes);
    void drop(const std::string& name);

    /// Names and bytes, in order of the names; what can't be read is left out.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> all() const;

private:
    explicit Shelf(std::string folder) : folder_(std::move(folder)) {}

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

    std::string folder_;
};

}  // namespace compot::store
