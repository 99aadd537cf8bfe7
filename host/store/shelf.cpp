#include "host/store/shelf.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace compot::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDraft = ".draft";

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

void sync_folder(const std::string& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

Result<std::unique_ptr<Shelf>, std::string> Shelf::open(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fmt::format("{}: {}", folder, std::strerror(errno));
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        std::error_code ignored;
        if (entry.path().extension() == kDraft) fs::remove(entry.path(), ignored);
    }
    if (error) return fmt::format("{}: {}", folder, error.message());
    return std::unique_ptr<Shelf>(new Shelf(folder));
}

Result<void, std::string> Shelf::put(const std::string& name, const std::string& bytes) {
    const std::string draft = path(name) + kDraft;
    const int descriptor =
        ::open(draft.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool kept = descriptor >= 0 && write_all(descriptor, bytes) &&
                      ::rename(draft.c_str(), path(name).c_str()) == 0;
    const int why = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (kept) {
        sync_folder(folder_);
        return {};
    }
    ::unlink(draft.c_str());
    return fmt::format("{}: {}", path(name), std::strerror(why));
}

void Shelf::drop(const std::string& name) { ::unlink(path(name).c_str()); }

std::vector<std::pair<std::string, std::string>> Shelf::all() const {
    std::vector<std::pair<std::string, std::string>> all;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (file && entry.path().extension() != kDraft)
            all.emplace_back(entry.path().filename().string(), std::move(bytes));
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace compot::store
