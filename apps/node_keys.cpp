#include "apps/node_keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "observe/hex.hpp"

namespace compot::apps {

namespace {

constexpr ::mode_t kOwnerOnly = 0600;
constexpr ::mode_t kOthers = 0077;

std::string reason() { return std::strerror(errno); }

/// One key a line: exchange, then signing.
Result<NodeKeys, std::string> read(const std::string& file, int descriptor) {
    struct stat status {};

    if (::fstat(descriptor, &status) != 0) return fmt::format("{}: {}", file, reason());
    if ((status.st_mode & kOthers) != 0)
        return fmt::format("{}: others can read the node's keys; chmod 600 it, or make new ones",
                           file);
    std::string text(200, '\0');
    const auto got = ::read(descriptor, text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    const std::size_t end = text.find('\n');
    const bool two = end != std::string::npos && text.size() == 2 * (end + 1);
    const auto exchange = two ? key_of(text.substr(0, end)) : Result<crypto::Key>(Error::Malformed);
    const auto signing =
        two ? key_of(text.substr(end + 1, end)) : Result<crypto::Key>(Error::Malformed);
    if (!exchange || !signing)
        return fmt::format("{}: not two keys of 64 hexadecimal digits, a line each", file);
    return NodeKeys{*exchange, *signing};
}

/// A file that is there is whole: it gets its name when all of it is on the disk.
Result<NodeKeys, std::string> draw(const std::string& dir, const std::string& file) {
    if (sodium_init() < 0) return std::string("libsodium does not start");
    NodeKeys keys;
    randombytes_buf(keys.exchange_secret.data(), keys.exchange_secret.size());
    randombytes_buf(keys.signing_seed.data(), keys.signing_seed.size());
    const std::string text =
        observe::hex(keys.exchange_secret) + "\n" + observe::hex(keys.signing_seed) + "\n";
    const std::string draft = file + ".new";
    ::unlink(draft.c_str());
    const int descriptor =
        ::open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kOwnerOnly);
    const bool whole =
        descriptor >= 0 &&
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(descriptor) == 0 && ::rename(draft.c_str(), file.c_str()) == 0;
    const std::string problem = whole ? "" : fmt::format("{}: {}", file, reason());
    if (descriptor >= 0) ::close(descriptor);
    if (!whole) {
        ::unlink(draft.c_str());
        return problem;
    }
    const int folder = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return keys;
}

}  // namespace

Result<NodeKeys, std::string> node_keys(const std::string& dir) {
    if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST)
        return fmt::format("{}: {}", dir, reason());
    const std::string file = dir + "/keys";
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) return draw(dir, file);
    if (descriptor < 0) return fmt::format("{}: {}", file, reason());
    auto keys = read(file, descriptor);
    ::close(descriptor);
    return keys;
}

Result<crypto::Key> key_of(const std::string& hex) {
    const auto bytes = observe::unhex(hex);
    crypto::Key key{};
    if (!bytes || bytes->size() != key.size()) return Error::Malformed;
    std::copy(bytes->begin(), bytes->end(), key.begin());
    return key;
}

}  // namespace compot::apps
