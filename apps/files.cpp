#include "apps/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace compot::apps {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw std::runtime_error(path + ": " + why);
}

/// An open file that is closed on every way out.
class Descriptor {
public:
    Descriptor(const std::string& path, int flags, mode_t mode)
        : number_(open(path.c_str(), flags | O_CLOEXEC, mode)) {
        if (number_ < 0) fail(path, std::strerror(errno));
    }

    ~Descriptor() { close(number_); }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

bool write_all(int file, const std::vector<std::uint8_t>& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote = write(file, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        done += static_cast<std::size_t>(wrote);
    }
    return fsync(file) == 0;
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::string& path, std::size_t bytes_max) {
    const Descriptor file(path, O_RDONLY, 0);

    struct stat facts {};

    if (fstat(file.number(), &facts) != 0) fail(path, std::strerror(errno));
    if (!S_ISREG(facts.st_mode)) fail(path, "is not a file");
    const auto size = static_cast<std::size_t>(facts.st_size);
    if (size == 0) fail(path, "is empty");
    if (size > bytes_max) {
        fail(path, "has " + std::to_string(size) + " bytes; at most " + std::to_string(bytes_max) +
                       " are possible here");
    }
    std::vector<std::uint8_t> bytes(size);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = read(file.number(), bytes.data() + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail(path, "can't be read to its end");
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes, bool secret) {
    std::error_code ignored;
    if (secret && std::filesystem::exists(path, ignored))
        fail(path, "exists; a key is never overwritten");
    const std::string temporary = path + ".part" + std::to_string(getpid());
    bool whole = false;
    {
        const Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL, secret ? 0600 : 0644);
        whole = write_all(file.number(), bytes);
    }
    if (!whole || std::rename(temporary.c_str(), path.c_str()) != 0) {
        const std::string why = std::strerror(errno);
        unlink(temporary.c_str());
        fail(path, "can't be written: " + why);
    }
    const auto folder = std::filesystem::path(path).parent_path();
    const Descriptor directory(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY, 0);
    fsync(directory.number());
}

void require_private(const std::string& path) {
    struct stat facts {};

    if (stat(path.c_str(), &facts) != 0) fail(path, std::strerror(errno));
    if ((facts.st_mode & 077U) != 0) fail(path, "can be read by others; run: chmod 600 " + path);
}

}  // namespace compot::apps
