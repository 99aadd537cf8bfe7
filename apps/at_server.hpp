#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.hpp"

/// A running swarm as a command sees it: over HTTP, by the server of `compotastic sim --serve` or
/// of the daemon (doc/feed.md). It asks and shows; what things mean is the server's business.

namespace compot::apps {

using Json = nlohmann::json;

class AtServer {
public:
    /// `address` is HOST:PORT or an http:// URL.
    explicit AtServer(const std::string& address);

    /// ERRORS: one sentence: nobody answers there, or what answers is no swarm.
    [[nodiscard]] Result<Json, std::string> get(const std::string& path) const;

    /// The answer of any 2xx. ERRORS: as get(), and the server's own words for a refusal.
    [[nodiscard]] Result<Json, std::string> post(const std::string& path,
                                                 const std::string& content_type,
                                                 const std::string& body) const;

    /// Names by id ("!1234abcd"). ERRORS: as get().
    [[nodiscard]] Result<std::map<std::string, std::string>, std::string> names() const;

private:
    std::string base_;
};

/// Adds --at and --json to a command that asks a running swarm.
struct AtOptions {
    std::string at = "127.0.0.1:8080";
    bool json = false;

    void add_to(CLI::App& command);
};

/// What came of a command as its exit status; an error goes to stderr first, in one line.
[[nodiscard]] int told(const std::string& command, const Result<void, std::string>& done);

/// Microseconds of the swarm's clock as seconds.
[[nodiscard]] double seconds_of(const Json& microseconds);

/// A name, the id when nobody is called so, "-" for nobody.
[[nodiscard]] std::string named(const std::map<std::string, std::string>& names,
                                const std::string& id);

}  // namespace compot::apps
