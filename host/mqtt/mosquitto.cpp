#include "host/mqtt/mosquitto.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "core/base/check.hpp"

/// Paho keeps about a kilobyte of its own for each time that the last client of a process has gone.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the sanitizer's name
extern "C" const char* __lsan_default_suppressions() { return "leak:libpaho-mqtt3as\n"; }

namespace compot::mqtt {

namespace {

constexpr const char* kProgram = COMPOT_MOSQUITTO "/usr/sbin/mosquitto";
constexpr const char* kPasswords = COMPOT_MOSQUITTO "/usr/bin/mosquitto_passwd";

::sockaddr_in loopback(std::uint16_t port) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface is made this way
/// Below those that the system hands out itself: there a client that waits for the broker may be
/// given the broker's port, and talks to itself.
std::uint16_t free_port() {
    std::random_device chance;
    std::uniform_int_distribution<std::uint16_t> ports(10'000, 30'000);
    for (int tries = 0; tries < 100; ++tries) {
        const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
        const ::sockaddr_in address = loopback(ports(chance));
        const bool free =
            ::bind(descriptor, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
        ::close(descriptor);
        if (free) return ntohs(address.sin_port);
    }
    COMPOT_CHECK(false);  // of a hundred not one is free
    return 0;
}

bool answers(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    const ::sockaddr_in address = loopback(port);
    const bool there =
        ::connect(descriptor, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
    ::close(descriptor);
    return there;
}

// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)

std::string fresh_folder() {
    std::string name = std::filesystem::temp_directory_path() / "compot_mosquitto_XXXXXX";
    COMPOT_CHECK(::mkdtemp(name.data()) != nullptr);
    return name;
}

/// Ends with us, however we end.
::pid_t spawn(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    const ::pid_t process = ::fork();
    if (process != 0) return process;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execv(program.c_str(), raw.data());
    ::_exit(127);
}

void run(const std::string& program, const std::vector<std::string>& arguments) {
    int status = 0;
    ::waitpid(spawn(program, arguments), &status, 0);
    COMPOT_CHECK(status == 0);
}

}  // namespace

bool Mosquitto::is_here() { return ::access(kProgram, X_OK) == 0; }

Mosquitto::Mosquitto(const std::string& settings,
                     const std::vector<std::pair<std::string, std::string>>& users)
    : port_(free_port()), folder_(fresh_folder()) {
    std::ofstream conf(folder_ + "/conf");
    conf << "listener " << port_ << " 127.0.0.1\n"
         << settings << "log_dest none\nuser root\n";  // root stays root, others stay who they are
    if (!users.empty()) conf << "password_file " << folder_ << "/users\n";
    conf.close();
    if (!users.empty()) {
        std::ofstream file(folder_ + "/users");
        for (const auto& [name, password] : users) file << name << ":" << password << "\n";
        file.close();
        run(kPasswords, {"-U", folder_ + "/users"});
    }
    start();
}

Mosquitto::~Mosquitto() {
    stop();
    std::filesystem::remove_all(folder_);
}

void Mosquitto::start() {
    process_ = spawn(kProgram, {"-c", folder_ + "/conf"});
    for (int i = 0; i < 1000 && !answers(port_); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    COMPOT_CHECK(answers(port_));
}

void Mosquitto::stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

void Mosquitto::halt() { ::kill(process_, SIGSTOP); }

void Mosquitto::resume() { ::kill(process_, SIGCONT); }

}  // namespace compot::mqtt
