#pragma once

#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/bundle/manifest.hpp"
#include "core/crypto/crypto.hpp"
#include "edge/bundle/bundle_file.hpp"
#include "edge/patch/maker.hpp"
#include "observe/hex.hpp"

namespace CLI {
class App;
}

/// What the subcommands of `compotastic bundle` share. What goes wrong is thrown as
/// std::runtime_error with a line for a person.

namespace compot::apps {

using Json = nlohmann::ordered_json;
using bundles::Bundle;

inline constexpr char kSecretTitle[] = "compotastic secret key\n";
inline constexpr char kPublicTitle[] = "compotastic public key\n";
inline constexpr std::time_t kMinutesEpoch = 1704067200;  ///< 2024-01-01 00:00 UTC

[[noreturn]] void fail(const std::string& sentence);
using observe::hex;
[[nodiscard]] const char* sentence_of(Error error);
[[nodiscard]] std::string date_of(bundle::Minutes minutes);

/// A bar on a terminal, silence elsewhere.
[[nodiscard]] std::function<void(double)> progress_bar();

void print(const Json& json);
/// A manifest's fields with their names, and as lines.
[[nodiscard]] Json described(const bundle::SignedManifest& signed_manifest);
void print_described(const Json& facts);

[[nodiscard]] crypto::Key read_key(const std::string& path, const std::string& title);
[[nodiscard]] crypto::Key read_secret(const std::string& path);
[[nodiscard]] Bundle read_bundle(const std::string& path);
void write_text(const std::string& path, const std::string& text, bool secret = false);

[[nodiscard]] patch::Patch make_patch(const std::string& old_path, const std::string& new_path,
                                      const std::vector<std::uint8_t>& old_image,
                                      const std::vector<std::uint8_t>& new_image,
                                      const patch::Options& options);

void add_patch_commands(CLI::App& group);  ///< diff and patch
void add_bundle_readers(CLI::App& group);  ///< inspect and export

}  // namespace compot::apps
