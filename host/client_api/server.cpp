#include "host/client_api/server.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "host/client_api/session.hpp"

namespace compot::client_api {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

/// As the firmware: who says nothing for so long is gone.
constexpr auto kSilenceMax = std::chrono::minutes(15);
constexpr std::chrono::seconds kRebootWithin{60};
/// A client that does not take what it is sent.
constexpr auto kStallMax = std::chrono::seconds(60);

}  // namespace

/// One client's connection.
class ClientLine;

struct Server::Inside : std::enable_shared_from_this<Server::Inside> {
    explicit Inside(Mesh& made_for) : mesh(made_for) {}

    struct Door {
        explicit Door(asio::io_context& io) : acceptor(io), reboot(io) {}

        tcp::acceptor acceptor;
        std::uint16_t port = 0;
        std::set<ClientLine*> lines;
        std::shared_ptr<Settings> settings;  ///< of the radio, for all of its clients
        asio::steady_timer reboot;
    };

    [[nodiscard]] std::string open(NodeId radio, const std::string& address, std::uint16_t port);
    void accept(NodeId radio);
    void make_room(NodeId radio);
    void reboot(NodeId radio, std::chrono::seconds in);
    void stop();

    template <typename Work>
    void later(Work work) {
        if (!stopping) asio::post(io, std::move(work));
    }

    void count(const Session& session, Counters& into) const;

    Mesh& mesh;
    Counters closed;  ///< of connections that are over
    asio::io_context io{1};
    /// Until stop(): a server without doors must wait for it, too.
    asio::executor_work_guard<asio::io_context::executor_type> open_for_work{io.get_executor()};
    std::map<NodeId, Door> doors;
    std::atomic<bool> stopping{false};
    std::thread thread;
};

class ClientLine final : public std::enable_shared_from_this<ClientLine> {
public:
    ClientLine(std::shared_ptr<Server::Inside> server, NodeId radio, tcp::socket socket)
        : server_(std::move(server)),
          radio_(radio),
          socket_(std::move(socket)),
          watch_(server_->io),
          session_(server_->mesh, radio, server_->doors.at(radio).settings) {
        server_->doors.at(radio_).lines.insert(this);
        ++server_->closed.connections;
    }

    ClientLine(const ClientLine&) = delete;
    ClientLine& operator=(const ClientLine&) = delete;

    ~ClientLine() {
        server_->doors.at(radio_).lines.erase(this);
        server_->count(session_, server_->closed);
    }

    void start() {
        watch_over(kSilenceMax);
        read();
    }

    void cut() {
        open_ = false;
        ErrorCode ignored;
        socket_.close(ignored);
        watch_.cancel();
    }

    /// Whoever asked for nothing yet goes before whoever did, then who was heard longest ago.
    [[nodiscard]] bool goes_before(const ClientLine& other) const {
        const bool used = session_.configured();
        if (used != other.session_.configured()) return !used;
        return heard_at_ < other.heard_at_;
    }

    [[nodiscard]] bool open() const { return open_; }

    Session& session() { return session_; }

    [[nodiscard]] const Session& session() const { return session_; }

    /// Sends what the session has to say and submits what its client wants sent.
    void pump() {
        for (const radio::Packet& packet : session_.take_packets()) {
            server_->mesh.submit(radio_, packet, [self = shared_from_this()](Submitted submitted) {
                self->server_->later([self, submitted] {
                    self->session_.submitted(submitted);
                    self->pump();
                });
            });
        }
        if (const auto in = session_.take_reboot()) server_->reboot(radio_, *in);
        if (session_.finished()) return cut();
        if (!sending_.empty()) return;
        sending_ = session_.take_output();
        if (sending_.empty()) return;
        watch_over(kStallMax);
        asio::async_write(socket_, asio::buffer(sending_),
                          [self = shared_from_this()](ErrorCode error, std::size_t) {
                              if (error) return self->cut();
                              self->sending_.clear();
                              self->watch_over(kSilenceMax);
                              self->pump();
                          });
    }

private:
    void read() {
        socket_.async_read_some(asio::buffer(heard_),
                                [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                                    if (error) return self->cut();
                                    self->heard_at_ = std::chrono::steady_clock::now();
                                    self->session_.hear({self->heard_.data(), bytes});
                                    if (self->sending_.empty()) self->watch_over(kSilenceMax);
                                    self->pump();
                                    self->read();
                                });
    }

    template <typename Span>
    void watch_over(Span span) {
        watch_.expires_after(span);
        watch_.async_wait([weak = weak_from_this()](ErrorCode error) {
            const auto self = weak.lock();
            if (!self || error) return;
            ++self->server_->closed.silenced;
            self->cut();
        });
    }

    std::shared_ptr<Server::Inside> server_;
    NodeId radio_;
    tcp::socket socket_;
    asio::steady_timer watch_;
    Session session_;
    std::array<std::uint8_t, 4096> heard_{};
    std::string sending_;
    std::chrono::steady_clock::time_point heard_at_ = std::chrono::steady_clock::now();
    bool open_ = true;
};

std::string Server::Inside::open(NodeId radio, const std::string& address, std::uint16_t port) {
    ErrorCode error;
    const auto where = asio::ip::make_address(address, error);
    if (error) return fmt::format("{} is no address of this machine", address);
    Door& door = doors.try_emplace(radio, io).first->second;
    door.acceptor.open(where.is_v6() ? tcp::v6() : tcp::v4(), error);
    if (!error) door.acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) door.acceptor.bind({where, port}, error);
    if (!error) door.acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fmt::format("port {} of {} is in use: give another --client-api port", port,
                           address);
    if (error) return fmt::format("cannot serve on {} port {}: {}", address, port, error.message());
    door.port = door.acceptor.local_endpoint(error).port();
    door.settings = std::make_shared<Settings>(mesh.status(radio));
    accept(radio);
    return "";
}

void Server::Inside::count(const Session& session, Counters& into) const {
    const Session::Counters& counters = session.counters();
    into.heard += counters.frames;
    into.told += counters.told;
    into.malformed += counters.malformed;
    into.skipped += session.skipped();
    into.refused += counters.refused;
    into.dropped += counters.dropped;
}

/// As with the firmware, which has one client at a time, a newcomer is let in.
void Server::Inside::make_room(NodeId radio) {
    std::size_t open = 0;
    ClientLine* goes = nullptr;
    for (ClientLine* line : doors.at(radio).lines) {
        if (!line->open()) continue;
        ++open;
        if (goes == nullptr || line->goes_before(*goes)) goes = line;
    }
    if (open < kClientsPerRadio) return;
    ++closed.turned_away;
    goes->cut();
}

void Server::Inside::accept(NodeId radio) {
    doors.at(radio).acceptor.async_accept(
        [self = shared_from_this(), radio](ErrorCode error, tcp::socket socket) {
            if (self->stopping || error == asio::error::operation_aborted) return;
            if (!error) {
                self->make_room(radio);
                ErrorCode ignored;
                socket.set_option(tcp::no_delay(true), ignored);
                std::make_shared<ClientLine>(self, radio, std::move(socket))->start();
            }
            self->accept(radio);
        });
}

/// Its clients notice what they would of a real one: the line is cut. In the world it goes on.
void Server::Inside::reboot(NodeId radio, std::chrono::seconds in) {
    Door& door = doors.at(radio);
    door.reboot.expires_after(std::min(in, kRebootWithin));
    door.reboot.async_wait([self = shared_from_this(), radio](ErrorCode error) {
        if (error) return;
        for (ClientLine* line : self->doors.at(radio).lines) line->cut();
    });
}

/// The thread ends by itself when nothing is left to wait for.
void Server::Inside::stop() {
    stopping = true;
    open_for_work.reset();
    for (auto& [radio, door] : doors) {
        ErrorCode ignored;
        door.acceptor.close(ignored);
        door.reboot.cancel();
        for (ClientLine* line : door.lines) line->cut();
    }
}

Server::Server(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Server>, std::string> Server::start(Mesh& mesh,
                                                           const std::vector<NodeId>& radios,
                                                           std::uint16_t base_port,
                                                           const std::string& address) {
    auto inside = std::make_shared<Inside>(mesh);
    std::string problem;
    for (std::size_t i = 0; i < radios.size() && problem.empty(); ++i) {
        const std::size_t port = base_port == 0 ? 0 : base_port + i;
        problem = port > 0xFFFF
                      ? "the client API's ports go past 65535"
                      : inside->open(radios[i], address, static_cast<std::uint16_t>(port));
    }
    inside->thread = std::thread([inside] { inside->io.run(); });
    std::unique_ptr<Server> server(new Server(std::move(inside)));
    if (!problem.empty()) return problem;
    return server;
}

Server::~Server() {
    asio::post(inside_->io, [inside = inside_] { inside->stop(); });
    inside_->thread.join();
    // What was posted at the last moment holds on to us until it is done.
    inside_->io.restart();
    inside_->io.poll();
}

std::uint16_t Server::port(NodeId radio) const { return inside_->doors.at(radio).port; }

Server::Counters Server::counters() const {
    auto answer = std::make_shared<std::promise<Counters>>();
    asio::post(inside_->io, [inside = inside_, answer] {
        Counters all = inside->closed;
        for (const auto& [radio, door] : inside->doors) {
            for (const ClientLine* line : door.lines) inside->count(line->session(), all);
        }
        answer->set_value(all);
    });
    return answer->get_future().get();
}

void Server::deliver(NodeId radio, const radio::Packet& packet) {
    inside_->later([inside = inside_, radio, packet] {
        for (ClientLine* line : inside->doors.at(radio).lines) {
            line->session().deliver(packet);
            line->pump();
        }
    });
}

void Server::settled(NodeId radio, const radio::Settled& settled) {
    inside_->later([inside = inside_, radio, settled] {
        for (ClientLine* line : inside->doors.at(radio).lines) {
            line->session().settled(settled);
            line->pump();
        }
    });
}

}  // namespace compot::client_api
