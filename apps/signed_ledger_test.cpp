#include "apps/signed_ledger.hpp"

#include <gtest/gtest.h>

namespace compot::apps {
namespace {

using Json = nlohmann::json;

constexpr NodeId kBeta{0xB2};
constexpr NodeId kGamma{0xC3};

crypto::Key seed_of(NodeId id) {
    crypto::Key seed{};
    seed.fill(static_cast<std::uint8_t>(id.value));
    return seed;
}

/// Beta has written three entries and Gamma one; Gamma holds all, Beta its own.
class SignedLedgerTest : public ::testing::Test {
protected:
    SignedLedgerTest() {
        for (const auto& [id, name] : {std::pair{kBeta, "beta"}, std::pair{kGamma, "gamma"}}) {
            node::Member member;
            member.id = id;
            member.signing_public = crypto::signing_public(seed_of(id));
            member.call(name);
            config.members.push(member);
        }
        for (std::uint32_t nonce = 1; nonce <= 3; ++nonce) write(betas, kBeta, nonce);
        for (std::size_t i = 0; i < betas.size(); ++i)
            EXPECT_TRUE(gammas.merge(betas[i], crypto::signing_public(seed_of(kBeta))).ok());
        write(gammas, kGamma, 9);
        SignedLedger collected(config);
        collected.add(kBeta, betas);
        collected.add(kGamma, gammas);
        told = Json::parse(collected.json());
    }

    static void write(ledger::Ledger& ledger, NodeId author, std::uint32_t nonce) {
        const ledger::Signer signer{author, seed_of(author),
                                    crypto::signing_public(seed_of(author))};
        const ledger::OutcomeBody body{nonce, kGamma, 1, 7};
        EXPECT_TRUE(
            ledger.append(signer, ledger::Kind::Outcome, ledger::write_body(body), nonce).ok());
    }

    static std::string fault(const Json& told) {
        const auto checked = check_ledger(told);
        if (checked) return "";
        EXPECT_EQ(checked.error().find('\n'), std::string::npos) << checked.error();
        return checked.error();
    }

    [[nodiscard]] Json& bytes(std::size_t entry) { return told["entries"][entry]["bytes"]; }

    node::Config config;
    ledger::Ledger betas;
    ledger::Ledger gammas;
    Json told;
};

TEST_F(SignedLedgerTest, holds_and_says_who_holds_what) {
    const auto checked = check_ledger(told);
    ASSERT_TRUE(checked) << checked.error();
    EXPECT_EQ(checked->entries, 4U);
    EXPECT_EQ(checked->authors, 2U);
    ASSERT_EQ(told["entries"].size(), 4U);
    EXPECT_EQ(told["entries"][0]["holders"], Json({"!000000b2", "!000000c3"}));
    EXPECT_EQ(told["entries"][3]["holders"], Json({"!000000c3"}));
    EXPECT_EQ(told["members"][0]["name"], "beta");
}

TEST_F(SignedLedgerTest, any_flipped_bit_of_an_entry_is_found_and_named) {
    const std::string whole = bytes(1);
    const std::string digits = "0123456789abcdef";
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (unsigned bit = 0; bit < 4; ++bit) {
            std::string flipped = whole;
            flipped[i] = digits[digits.find(flipped[i]) ^ (1U << bit)];
            bytes(1) = flipped;
            EXPECT_EQ(fault(told).find("entry 2 of beta: "), 0U) << i << ": " << fault(told);
        }
    }
    bytes(1) = whole;
    EXPECT_EQ(fault(told), "");
}

TEST_F(SignedLedgerTest, key_of_another_is_found) {
    std::string key = told["members"][0]["signing_public"];
    key[5] = key[5] == '0' ? '1' : '0';
    told["members"][0]["signing_public"] = key;
    EXPECT_EQ(fault(told), "entry 1 of beta: the signature is not its author's");
}

TEST_F(SignedLedgerTest, missing_entry_in_between_is_found_and_the_first_ones_may_be_forgotten) {
    Json without_first = told;
    without_first["entries"].erase(0);
    EXPECT_EQ(fault(without_first), "");
    told["entries"].erase(1);
    EXPECT_EQ(fault(told), "entry 3 of beta: entry 2 before it is missing");
}

TEST_F(SignedLedgerTest, chain_that_was_written_twice_is_found) {
    ledger::Ledger other;
    for (std::uint32_t nonce = 11; nonce <= 12; ++nonce) write(other, kBeta, nonce);
    SignedLedger collected(config);
    collected.add(kBeta, betas);
    collected.add(kGamma, other);
    EXPECT_NE(
        fault(Json::parse(collected.json())).find("of beta: there is another one for its place"),
        std::string::npos);
    // Its second entry after the first of the other chain: each is signed, they don't belong
    // together.
    SignedLedger apart(config);
    apart.add(kGamma, other);
    Json mixed = Json::parse(apart.json());
    mixed["entries"][0] = told["entries"][0];
    EXPECT_EQ(fault(mixed), "entry 2 of beta: it was written after another entry 1");
}

TEST_F(SignedLedgerTest, entry_of_a_stranger_and_one_under_another_name_are_found) {
    Json renamed = told;
    renamed["entries"][3]["author"] = "!000000b2";
    renamed["entries"][3]["n"] = 4;
    EXPECT_EQ(fault(renamed), "entry 4 of beta: its bytes are entry 1 of !000000c3");
    told["members"].erase(1);
    EXPECT_EQ(fault(told), "entry 1 of !000000c3: its author is no member");
}

TEST_F(SignedLedgerTest, what_is_no_ledger_is_refused_in_a_line) {
    for (const char* text :
         {"[]", "{}", "null", R"({"members":[],"entries":[{}]})",
          R"({"members":[{"id":"x","name":"","signing_public":""}],"entries":[]})",
          R"({"members":[],"entries":[{"author":"!000000b2","n":0,"bytes":""}]})",
          R"({"members":[],"entries":[{"author":"!000000b2","n":-1,"bytes":""}]})"})
        EXPECT_NE(fault(Json::parse(text)), "") << text;
    EXPECT_NE(fault(Json::parse("no json", nullptr, false)), "");
}

TEST_F(SignedLedgerTest, entry_that_waits_for_its_predecessor_is_left_out) {
    ledger::Ledger late;
    const crypto::Key key = crypto::signing_public(seed_of(kBeta));
    EXPECT_TRUE(late.merge(betas[0], key).ok());
    EXPECT_TRUE(late.merge(betas[2], key).ok());
    SignedLedger collected(config);
    collected.add(kGamma, late);
    const auto checked = check_ledger(Json::parse(collected.json()));
    ASSERT_TRUE(checked) << checked.error();
    EXPECT_EQ(checked->entries, 1U);
}

}  // namespace
}  // namespace compot::apps
