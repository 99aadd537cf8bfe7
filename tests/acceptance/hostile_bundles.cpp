#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/bundle/applier.hpp"
#include "core/bundle/trust.hpp"
#include "edge/bundle/bundle_file.hpp"
#include "edge/patch/maker.hpp"
#include "edge/patch/sample_firmware.hpp"

/// Promises: however often the power is cut while a patch is applied, the right image comes out in
/// the end; and of altered manifests and patches none is accepted, none crashes the receiver, none
/// takes more memory than the applier's own. Usage: hostile_bundles [ALTERED]

namespace {

std::size_t allocations = 0;  // NOLINT: what operator new below counts

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* made = std::malloc(size)) return made;
    throw std::bad_alloc();
}

void operator delete(void* made) noexcept { std::free(made); }

void operator delete(void* made, std::size_t /*size*/) noexcept { std::free(made); }

namespace {

using namespace compot;  // NOLINT(google-build-using-namespace): a program of its own

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t kSeed = 20;
constexpr std::size_t kRamMax = 33'000;

bool verdict(const std::string& what, std::size_t figure, std::size_t threshold, bool good) {
    std::printf("%s: %zu, threshold %zu: %s\n", what.c_str(), figure, threshold,
                good ? "pass" : "FAIL");
    return good;
}

Bytes firmware(std::uint32_t functions, std::uint32_t extra) {
    patch::SampleFirmware sample;
    sample.functions = functions;
    sample.extra = extra;
    return sample.image();
}

/// A slot with walls that nothing may touch.
class Slot {
public:
    explicit Slot(std::size_t size) : bytes_(size + 2 * kWall, kMark) {}

    [[nodiscard]] MutableBytes room() {
        return MutableBytes(bytes_).subspan(kWall, bytes_.size() - 2 * kWall);
    }

    [[nodiscard]] bool walls_stand() const {
        const auto marked = [](std::uint8_t byte) { return byte == kMark; };
        return std::all_of(bytes_.begin(), bytes_.begin() + kWall, marked) &&
               std::all_of(bytes_.end() - kWall, bytes_.end(), marked);
    }

private:
    static constexpr std::uint8_t kMark = 0xA5;
    static constexpr std::ptrdiff_t kWall = 64;
    Bytes bytes_;
};

/// Applies until `stop` bytes stand in the slot, as if the power went then; a block may be torn.
/// True if the image is whole and believed.
bool apply(bundle::Applier& applier, BytesView old_image, BytesView patch, MutableBytes slot,
           std::size_t stop) {
    if (!applier.begin(old_image, patch, slot)) return false;
    std::array<std::uint8_t, 256> block{};
    std::size_t at = 0;
    for (;;) {
        const auto size = applier.next(block);
        if (!size) return false;
        if (*size == 0) return applier.finish().ok();
        const std::size_t kept = std::min(*size, stop - at);
        std::copy_n(block.begin(), kept, slot.begin() + static_cast<std::ptrdiff_t>(at));
        if (kept < *size) return false;
        at += kept;
    }
}

/// The applier after a reboot.
void restart(std::unique_ptr<bundle::Applier>& applier) {
    applier = std::make_unique<bundle::Applier>();
}

bool survives_cuts(std::uint32_t functions, std::size_t step) {
    const Bytes old_image = firmware(functions, 0);
    const Bytes new_image = firmware(functions, 9);
    const auto patch = patch::make_patch(old_image, new_image);
    COMPOT_CHECK(patch.ok());
    auto applier = std::make_unique<bundle::Applier>();
    Slot slot(new_image.size());
    std::size_t cuts = 0;
    std::size_t right = 0;
    for (std::size_t cut = 0; cut < new_image.size(); cut += step, ++cuts) {
        std::fill(slot.room().begin(), slot.room().end(), std::uint8_t{0xFF});
        const bool early = apply(*applier, old_image, patch->bytes, slot.room(), cut);
        restart(applier);
        const bool whole = apply(*applier, old_image, patch->bytes, slot.room(), new_image.size());
        if (!early && whole &&
            std::equal(new_image.begin(), new_image.end(), slot.room().begin())) {
            ++right;
        }
    }
    return verdict("right images after " + std::to_string(cuts) + " cuts while " +
                       std::to_string(new_image.size()) + " bytes were made",
                   right, cuts, right == cuts && slot.walls_stand());
}

/// What an attacker or a bad link does to bytes.
Bytes altered(const Bytes& original, Random& random) {
    Bytes bytes = original;
    const auto any = [&](std::size_t size) {
        return random.below(static_cast<std::uint32_t>(std::max<std::size_t>(size, 1)));
    };
    switch (random.below(6)) {
        case 0: bytes.resize(any(bytes.size())); break;
        case 1:
            for (std::uint32_t i = 1 + random.below(40); i > 0; --i)
                bytes.push_back(static_cast<std::uint8_t>(random.next32()));
            break;
        case 2: {
            const std::size_t at = any(bytes.size());
            for (std::size_t i = at; i < std::min(bytes.size(), at + 1 + any(30)); ++i)
                bytes[i] = static_cast<std::uint8_t>(random.next32());
            break;
        }
        case 3: std::rotate(bytes.begin(), bytes.begin() + any(bytes.size()), bytes.end()); break;
        default:
            for (std::uint32_t i = 1 + random.below(4); i > 0; --i)
                bytes[any(bytes.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
    }
    return bytes;
}

class Receiver {
public:
    Receiver()
        : old_image_(firmware(40, 0)),
          new_image_(firmware(40, 9)),
          trust_(crypto::signing_public(root_)),
          applier_(std::make_unique<bundle::Applier>()),
          slot_(new_image_.size() + 1000) {
        const crypto::Key publisher = crypto::signing_public(seed_);
        COMPOT_CHECK(
            trust_.obey(bundle::TrustOrder::make(1, bundle::kEveryRole, 0, publisher, root_)).ok());
        bundles::Terms terms;
        terms.kind = bundle::Kind::FirmwarePatch;
        terms.version = 2;
        patch_ = patch::make_patch(old_image_, new_image_)->bytes;
        const auto manifest = bundles::describe(terms, patch_, old_image_, new_image_, publisher);
        const auto wire = bundle::sign(*manifest, seed_).serialise();
        manifest_.assign(wire.begin(), wire.end());
        device_.installed = bundle::short_digest(old_image_);
    }

    /// Why it was refused, or "accepted".
    std::string receive(const Bytes& manifest, const Bytes& payload) {
        const auto parsed = bundle::SignedManifest::parse(manifest);
        if (!parsed) return "the manifest is malformed";
        const bundle::Verdict verdict = trust_.judge(*parsed, device_);
        if (verdict != bundle::Verdict::Accepted) return to_string(verdict);
        if (bundle::short_digest(payload) != parsed->manifest.payload)
            return "the payload is not the manifest's";
        return apply_payload(payload);
    }

    /// As if its publisher had signed it: nothing but the applier stands in the way.
    std::string apply_payload(const Bytes& payload) {
        const std::size_t before = allocations;
        const bool made = apply(*applier_, old_image_, payload, slot_.room(), slot_.room().size());
        heap_ += allocations - before;
        return made ? "accepted" : "the applier gave up or does not believe what it made";
    }

    [[nodiscard]] const Bytes& manifest() const { return manifest_; }

    [[nodiscard]] const Bytes& patch() const { return patch_; }

    [[nodiscard]] std::size_t heap() const { return heap_; }

    [[nodiscard]] bool walls_stand() const { return slot_.walls_stand(); }

    /// A header that this receiver believes, and noise.
    [[nodiscard]] Bytes noise(Random& random) const {
        constexpr std::size_t kHeaderBytes = 20;
        Bytes bytes(patch_.begin(), patch_.begin() + kHeaderBytes);
        for (std::uint32_t i = random.below(300); i > 0; --i)
            bytes.push_back(static_cast<std::uint8_t>(random.next32()));
        return bytes;
    }

private:
    crypto::Key root_{1};
    crypto::Key seed_{2};
    Bytes old_image_;
    Bytes new_image_;
    bundle::Trust trust_;
    bundle::Device device_;
    std::unique_ptr<bundle::Applier> applier_;
    Slot slot_;
    Bytes manifest_;
    Bytes patch_;
    std::size_t heap_ = 0;
};

bool refuses_what_was_altered(std::size_t count) {
    Receiver receiver;
    COMPOT_CHECK(receiver.receive(receiver.manifest(), receiver.patch()) == "accepted");
    Random random(kSeed);
    std::map<std::string, std::size_t> reasons;
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes manifest = receiver.manifest();
        Bytes payload = receiver.patch();
        std::string reason;
        if (i % 2 == 0) {
            manifest = altered(manifest, random);
            if (manifest == receiver.manifest()) manifest.back() ^= 1;
            reason = receiver.receive(manifest, payload);
        } else if (i % 8 == 1) {
            payload = altered(payload, random);
            if (payload == receiver.patch()) payload.back() ^= 1;
            reason = receiver.receive(manifest, payload);
        } else {
            payload = i % 8 == 3 ? receiver.noise(random) : altered(payload, random);
            if (payload == receiver.patch()) payload.back() ^= 1;
            reason = receiver.apply_payload(payload);
        }
        if (reason == "accepted") ++accepted;
        ++reasons[reason];
    }
    for (const auto& [reason, times] : reasons) std::printf("  %7zu %s\n", times, reason.c_str());
    bool good = verdict("accepted of " + std::to_string(count) +
                            " altered manifests and patches, seed " + std::to_string(kSeed),
                        accepted, 0, accepted == 0 && receiver.walls_stand());
    good &=
        verdict("allocations of the applier meanwhile", receiver.heap(), 0, receiver.heap() == 0);
    return verdict("bytes of RAM of the applier", sizeof(bundle::Applier), kRamMax,
                   sizeof(bundle::Applier) <= kRamMax) &&
           good;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
    bool good = survives_cuts(40, 1);
    good &= survives_cuts(count < 100'000 ? 500 : 4000, 5003);
    good &= refuses_what_was_altered(count);
    return good ? 0 : 1;
}
