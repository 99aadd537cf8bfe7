#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/check.hpp"

/// What the world does wrong, as a value. A cause exists here only where a caller acts on it.

namespace compot {

enum class Error : std::uint8_t {
    None,
    Truncated,    ///< ends before it is whole
    Malformed,    ///< can't be what it claims to be
    TooBig,       ///< over a stated limit
    NoRoom,       ///< a table or buffer is full
    Unknown,      ///< names something that we don't have
    Forged,       ///< authentication or signature does not hold
    Stale,        ///< replayed, or older than what we have
    Refused,      ///< understood, and not allowed
    NotReady,     ///< allowed, but not now
    Unsupported,  ///< of a version or kind that we don't speak
};

[[nodiscard]] const char* to_string(Error error);

/// A value or the cause of its absence. Looking at the absent one is our mistake (COMPOT_CHECK).
template <typename T, typename E = Error>
class [[nodiscard]] Result {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point
    Result(T value) : value_(std::move(value)) {}

    // NOLINTNEXTLINE(google-explicit-constructor): `return Error::Stale;` is the point
    Result(E error) : error_(std::move(error)) {}

    [[nodiscard]] bool ok() const { return value_.has_value(); }

    explicit operator bool() const { return ok(); }

    [[nodiscard]] const T& operator*() const& {
        COMPOT_CHECK(ok());
        return *value_;
    }

    [[nodiscard]] T& operator*() & {
        COMPOT_CHECK(ok());
        return *value_;
    }

    [[nodiscard]] T&& operator*() && {
        COMPOT_CHECK(ok());
        return std::move(*value_);
    }

    [[nodiscard]] const T* operator->() const { return &**this; }

    [[nodiscard]] T* operator->() { return &**this; }

    [[nodiscard]] const E& error() const {
        COMPOT_CHECK(!ok());
        return error_;
    }

private:
    std::optional<T> value_;
    E error_{};
};

/// Success or a cause.
template <typename E>
class [[nodiscard]] Result<void, E> {
public:
    Result() = default;

    // NOLINTNEXTLINE(google-explicit-constructor): `return Error::Stale;` is the point
    Result(E error) : error_(std::move(error)), ok_(false) {}

    [[nodiscard]] bool ok() const { return ok_; }

    explicit operator bool() const { return ok_; }

    [[nodiscard]] const E& error() const {
        COMPOT_CHECK(!ok_);
        return error_;
    }

private:
    E error_{};
    bool ok_ = true;
};

using Status = Result<void, Error>;

}  // namespace compot
