#include "host/store/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>

namespace compot::store {

namespace {

constexpr int kVersion = 1;

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

}  // namespace

class Store::Inside {
public:
    explicit Inside(std::string file) : file_(std::move(file)) {}

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    ~Inside() { sqlite3_close(database_); }

    /// An empty sentence is success, as everywhere in here.
    std::string open() {
        // SQLite would make the file readable for others.
        const int made = ::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (made >= 0) ::close(made);
        if (sqlite3_open_v2(file_.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
            return problem();
        sqlite3_busy_timeout(database_, 2000);
        if (const auto damage = text("PRAGMA quick_check(1)"); damage != "ok")
            return fmt::format("{}: it is damaged ({}); move it away to begin without records",
                               file_, damage.empty() ? sqlite3_errmsg(database_) : damage);
        const int version = number("PRAGMA user_version");
        if (version > kVersion)
            return fmt::format("{}: written by a newer version of compotastic", file_);
        // What is refused is left as it was: nothing is written before this.
        for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"})
            if (const auto failed = run(pragma); !failed.empty()) return failed;
        if (version == kVersion) return "";
        return run(
            fmt::format("BEGIN IMMEDIATE; CREATE TABLE record (key INTEGER PRIMARY KEY, "
                        "value BLOB NOT NULL); PRAGMA user_version={}; COMMIT",
                        kVersion));
    }

    std::string read(std::vector<Record>& into) {
        const Statement all = prepare("SELECT key, value FROM record ORDER BY key");
        if (all == nullptr) return problem();
        int step = SQLITE_ROW;
        while ((step = sqlite3_step(all.get())) == SQLITE_ROW) {
            const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(all.get(), 1));
            const auto size = sqlite3_column_bytes(all.get(), 1);
            into.emplace_back(static_cast<std::uint16_t>(sqlite3_column_int(all.get(), 0)),
                              std::vector<std::uint8_t>(bytes, bytes + size));
        }
        return step == SQLITE_DONE ? "" : problem();
    }

    std::string keep(const std::vector<Record>& records) {
        if (const auto failed = run("BEGIN IMMEDIATE"); !failed.empty()) return failed;
        for (const Record& record : records) {
            const auto failed = keep(record);
            if (failed.empty()) continue;
            run("ROLLBACK");
            return failed;
        }
        const auto failed = run("COMMIT");
        if (!failed.empty()) run("ROLLBACK");
        return failed;
    }

private:
    std::string keep(const Record& record) {
        const bool forget = record.second.empty();
        const Statement one =
            prepare(forget ? "DELETE FROM record WHERE key=?1"
                           : "INSERT OR REPLACE INTO record (key, value) VALUES (?1, ?2)");
        if (one == nullptr) return problem();
        sqlite3_bind_int(one.get(), 1, record.first);
        if (!forget)
            sqlite3_bind_blob(one.get(), 2, record.second.data(),
                              static_cast<int>(record.second.size()), SQLITE_STATIC);
        return sqlite3_step(one.get()) == SQLITE_DONE ? "" : problem();
    }

    Statement prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr);
        return Statement(statement);
    }

    std::string run(const std::string& sql) {
        const int done = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
        return done == SQLITE_OK ? "" : problem();
    }

    int number(const char* sql) {
        const Statement one = prepare(sql);
        if (one == nullptr || sqlite3_step(one.get()) != SQLITE_ROW) return 0;
        return sqlite3_column_int(one.get(), 0);
    }

    std::string text(const char* sql) {
        const Statement one = prepare(sql);
        if (one == nullptr || sqlite3_step(one.get()) != SQLITE_ROW) return "";
        const int bytes = sqlite3_column_bytes(one.get(), 0);
        std::string line(static_cast<const char*>(sqlite3_column_blob(one.get(), 0)),
                         static_cast<std::size_t>(bytes));
        std::replace(line.begin(), line.end(), '\n', ' ');
        return line;
    }

    [[nodiscard]] std::string problem() const {
        return fmt::format("{}: {}", file_, sqlite3_errmsg(database_));
    }

    std::string file_;
    sqlite3* database_ = nullptr;
};

Store::Store(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Store::~Store() = default;

Result<std::unique_ptr<Store>, std::string> Store::open(const std::string& file) {
    auto inside = std::make_unique<Inside>(file);
    const std::string problem = inside->open();
    if (!problem.empty()) return problem;
    return std::unique_ptr<Store>(new Store(std::move(inside)));
}

Result<std::vector<Record>, std::string> Store::records() {
    std::vector<Record> records;
    const std::string problem = inside_->read(records);
    if (!problem.empty()) return problem;
    return records;
}

Result<void, std::string> Store::keep(const std::vector<Record>& records) {
    const std::string problem = inside_->keep(records);
    if (!problem.empty()) return problem;
    return {};
}

}  // namespace compot::store
