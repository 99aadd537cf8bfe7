// A ledger entry out of any bytes: what parses encodes to the same bytes. Then the same bytes as a
// script of what a ledger is told, out of order, with gaps and forks: its invariants hold.

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"
#include "core/ledger/ledger.hpp"

namespace {

using namespace compot;

constexpr std::size_t kAuthors = 3;
constexpr std::size_t kLength = 12;

// For each author two chains that part after half.
struct World {
    std::array<ledger::Signer, kAuthors> signers;
    std::array<std::array<std::array<ledger::Entry, kLength>, 2>, kAuthors> entries;

    World() {
        for (std::size_t author = 0; author < kAuthors; ++author) {
            ledger::Signer& signer = signers[author];
            signer.id = NodeId{static_cast<std::uint32_t>(author + 1)};
            signer.seed.fill(static_cast<std::uint8_t>(author + 1));
            signer.signing_public = crypto::signing_public(signer.seed);
            for (std::size_t side = 0; side < 2; ++side) {
                ledger::Ledger book;
                for (std::size_t i = 0; i < kLength; ++i) {
                    const auto nonce = static_cast<std::uint32_t>(i < kLength / 2 ? 0 : side);
                    entries[author][side][i] =
                        *book.append(signer, ledger::Kind::Outcome,
                                     ledger::write_body(ledger::OutcomeBody{nonce, {}, 1, 0}), 0);
                }
            }
        }
    }
};

void check(const ledger::Ledger& book) {
    for (const ledger::Head& head : book.heads()) {
        const ledger::Entry* entry = book.at(head.author, head.sequence);
        COMPOT_CHECK(entry != nullptr && ledger::hash(*entry) == head.hash);
    }
    for (std::size_t i = 1; i < book.size(); ++i) {
        const ledger::Entry& a = book[i - 1];
        const ledger::Entry& b = book[i];
        COMPOT_CHECK(a.author < b.author || (a.author == b.author && a.sequence < b.sequence));
    }
    COMPOT_CHECK(book.missing_against(book.marks(), book.digest()).size() <= book.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes{data, size};
    if (const auto entry = ledger::parse_entry(bytes); entry.ok())
        COMPOT_CHECK(crypto::equal(ledger::encode(*entry).view(), bytes));
    static const World kWorld;
    ledger::Ledger book;
    for (const std::uint8_t word : bytes.first(bytes.size() < 64 ? bytes.size() : 64)) {
        const std::size_t author = word % kAuthors;
        const std::size_t side = (word / kAuthors) % 2;
        const std::size_t place = word / (kAuthors * 2);
        if (place < kLength) {
            (void)book.merge(kWorld.entries[author][side][place],
                             kWorld.signers[author].signing_public);
        } else {
            book.end_round();
        }
        check(book);
    }
    return 0;
}
