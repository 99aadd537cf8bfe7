#pragma once

#include <filesystem>
#include <string_view>

#include "host/web/message.hpp"

/// The files of the page, below one folder and nowhere else. Without a built page it serves a plain
/// one that says how to build it.

namespace compot::web {

class Files {
public:
    explicit Files(std::filesystem::path root) : root_(std::move(root)) {}

    /// `path` begins with '/' and may be percent-encoded. 404 for whatever is no plain file below
    /// the folder, hidden files and links that lead out included.
    [[nodiscard]] Response get(std::string_view path) const;

private:
    std::filesystem::path root_;
};

/// By the name's end.
[[nodiscard]] std::string_view mime_type(const std::filesystem::path& file);

}  // namespace compot::web
