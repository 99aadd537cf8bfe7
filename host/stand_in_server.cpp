#include "host/stand_in_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "core/base/check.hpp"

namespace compot::host {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate{X509_new(), &X509_free};
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const std::string host = "localhost";
    const std::vector<unsigned char> letters(host.begin(), host.end());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, letters.data(),
                               static_cast<int>(letters.size()), -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

}  // namespace

struct StandInServer::Tls {
    Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free};
    Certificate certificate = self_signed(key.get());
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_server_method()),
                                                              &SSL_CTX_free};
};

StandInServer::StandInServer(Answer answer, bool tls) : answer_(std::move(answer)) {
    if (tls) {
        tls_ = std::make_unique<Tls>();
        SSL_CTX_use_certificate(tls_->context.get(), tls_->certificate.get());
        SSL_CTX_use_PrivateKey(tls_->context.get(), tls_->key.get());
        certificate_file_ = "/tmp/compot-test-" + std::to_string(getpid()) + ".pem";
        FILE* file = std::fopen(certificate_file_.c_str(), "w");
        COMPOT_CHECK(file != nullptr);
        PEM_write_X509(file, tls_->certificate.get());
        std::fclose(file);
    }
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how sockets are spoken to
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    COMPOT_CHECK(bind(listener_, generic, size) == 0);
    COMPOT_CHECK(listen(listener_, 8) == 0);
    COMPOT_CHECK(getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

StandInServer::~StandInServer() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    if (!certificate_file_.empty()) std::remove(certificate_file_.c_str());
}

std::string StandInServer::url(const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

void StandInServer::serve() {
    while (!stopping_) {
        const int connection = accept(listener_, nullptr, nullptr);
        if (connection < 0) return;
        const timeval patience{2, 0};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        serve_one(connection);
        close(connection);
    }
}

void StandInServer::serve_one(int connection) {
    std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, &SSL_free};
    if (tls_) {
        tls.reset(SSL_new(tls_->context.get()));
        SSL_set_fd(tls.get(), connection);
        if (SSL_accept(tls.get()) != 1) return;
    }
    std::string request;
    std::vector<char> piece(65'536);
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
        const auto got = tls ? SSL_read(tls.get(), piece.data(), static_cast<int>(piece.size()))
                             : static_cast<int>(recv(connection, piece.data(), piece.size(), 0));
        if (got <= 0) return;
        request.append(piece.data(), static_cast<std::size_t>(got));
        const std::size_t end = request.find("\r\n\r\n");
        const std::size_t length = request.find("Content-Length: ");
        if (end == std::string::npos) continue;
        wanted = end + 4;
        if (length < end) wanted += std::strtoul(&request[length + 16], nullptr, 10);
    }
    const std::string answer = answer_(request);
    if (tls) {
        SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(tls.get());
    } else {
        for (std::size_t sent = 0; sent < answer.size();) {
            const auto more = send(connection, &answer[sent], answer.size() - sent, MSG_NOSIGNAL);
            if (more <= 0) return;
            sent += static_cast<std::size_t>(more);
        }
    }
}

std::string answer_of(int status, const std::string& body, const std::string& headers) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
           "\r\n" + body;
}

}  // namespace compot::host
