#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// A server for tests on the loopback: it takes one request for each connection and sends back
/// whatever bytes the test says, well-formed or not.

namespace compot::host {

class StandInServer {
public:
    /// The bytes to send for a request, header and body; an empty answer closes the connection.
    using Answer = std::function<std::string(const std::string& request)>;

    /// `tls`: with a certificate for the name localhost, signed by itself.
    explicit StandInServer(Answer answer, bool tls = false);
    StandInServer(const StandInServer&) = delete;
    StandInServer& operator=(const StandInServer&) = delete;
    ~StandInServer();

    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;

    /// A file with the certificate, for SSL_CERT_FILE.
    [[nodiscard]] const std::string& certificate_file() const { return certificate_file_; }

private:
    struct Tls;

    void serve();
    void serve_one(int connection);

    Answer answer_;
    std::unique_ptr<Tls> tls_;
    std::string certificate_file_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// A whole answer with a length.
[[nodiscard]] std::string answer_of(int status, const std::string& body,
                                    const std::string& headers = "");

}  // namespace compot::host
