#include "apps/node_setup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "observe/hex.hpp"

namespace compot::apps {
namespace {

namespace fs = std::filesystem;

class NodeSetupTest : public ::testing::Test {
protected:
    NodeSetupTest() : dir(fs::path(::testing::TempDir()) / "compot_node_setup") {
        fs::remove_all(dir);
        fs::create_directories(dir);
        const auto keys = node_keys((dir / "data").string());
        EXPECT_TRUE(keys);
        own = "exchange_public = \"" +
              observe::hex(crypto::exchange_public(keys->exchange_secret)) +
              "\"\nsigning_public = \"" + observe::hex(crypto::signing_public(keys->signing_seed)) +
              "\"\n";
    }

    ~NodeSetupTest() override { fs::remove_all(dir); }

    [[nodiscard]] std::string whole() const {
        const std::string key(64, '7');
        return "name = \"beta\"\nradio = \"tcp:radio.local\"\ndata_dir = \"" +
               (dir / "data").string() +
               "\"\nat = [1, 2]\n[swarm]\nchannel = \"compot\"\nkey = \"" + key +
               "\"\nsites = [[12, 3]]\n[duties]\nworks = true\n"
               "[[member]]\nname = \"beta\"\nid = \"!0000beef\"\n" +
               own +
               "[[member]]\nname = \"compot\"\nid = \"!c0ffee00\"\nrole = \"edge\"\n"
               "publishes_facts = true\nexchange_public = \"" +
               key + "\"\nsigning_public = \"" + key + "\"\n";
    }

    Result<NodeSetup, std::string> read(const std::string& text) const {
        const std::string file = (dir / "node.toml").string();
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
        return setup_from_file(file);
    }

    /// The error that `text` gives when `from` in the whole file is `to`.
    [[nodiscard]] std::string error(const std::string& from, const std::string& to) const {
        std::string text = whole();
        text.replace(text.find(from), from.size(), to);
        const auto setup = read(text);
        EXPECT_FALSE(setup) << to;
        EXPECT_EQ(setup.error().find('\n'), std::string::npos) << setup.error();
        return setup ? "" : setup.error();
    }

    fs::path dir;
    std::string own;
};

TEST_F(NodeSetupTest, is_read_from_a_file) {
    const auto setup = read(whole());
    ASSERT_TRUE(setup) << setup.error();
    const node::Config& config = setup->terms.config;
    EXPECT_EQ(config.self, NodeId{0xBEEF});
    EXPECT_EQ(config.members.size(), 2U);
    EXPECT_TRUE(config.members[1].publishes_facts);
    EXPECT_EQ(config.members[1].role, node::Role::Edge);
    EXPECT_TRUE(config.duties.works);
    EXPECT_EQ(config.sites.size(), 1U);
    EXPECT_EQ(setup->channel_name, "compot");
    EXPECT_EQ(setup->radios, std::vector<std::string>{"tcp:radio.local"});
    EXPECT_EQ(setup->terms.at, (learn::Cell{1, 2}));
    EXPECT_EQ(config.confidence_permille, 700);
    EXPECT_EQ(std::string(config.members[1].name.data()), "compot");
}

TEST_F(NodeSetupTest, says_how_sure_its_bench_must_be) {
    const std::string one = "channel = \"compot\"\n";
    std::string text = whole();
    text.replace(text.find(one), one.size(), one + "confidence_permille = 850\n");
    const auto setup = read(text);
    ASSERT_TRUE(setup) << setup.error();
    EXPECT_EQ(setup->terms.config.confidence_permille, 850);
    for (const char* wrong : {"499", "1001", "\"much\""})
        EXPECT_NE(error(one, one + "confidence_permille = " + wrong + "\n")
                      .find(":7: swarm.confidence_permille: "),
                  std::string::npos)
            << wrong;
}

TEST_F(NodeSetupTest, a_node_may_have_several_radios) {
    std::string text = whole();
    const std::string one = "radio = \"tcp:radio.local\"";
    text.replace(text.find(one), one.size(), "radio = [\"udp\", \"mqtt://h/msh/EU_868\"]");
    const auto setup = read(text);
    ASSERT_TRUE(setup) << setup.error();
    EXPECT_EQ(setup->radios, (std::vector<std::string>{"udp", "mqtt://h/msh/EU_868"}));
    EXPECT_NE(error(one, "radio = [1]").find("radio"), std::string::npos);
    EXPECT_NE(error(one, "radio = 7").find("radio"), std::string::npos);
}

TEST_F(NodeSetupTest, a_mistake_is_told_with_its_place_and_what_was_meant) {
    EXPECT_NE(error("works = true", "work = true")
                  .find("node.toml:10: duties.work: unknown key "
                        "(did you mean works?)"),
              std::string::npos);
    EXPECT_NE(error("radio =", "radoi =").find("did you mean radio?"), std::string::npos);
    EXPECT_NE(error("channel =", "chanel =")
                  .find(":6: swarm.chanel: unknown key (did you mean "
                        "channel?)"),
              std::string::npos)
        << "rather than that something is missing";
    EXPECT_NE(error("[swarm]", "[swram]").find("did you mean swarm?"), std::string::npos);
    EXPECT_NE(error("!0000beef", "0000beef").find("like !1234abcd"), std::string::npos);
    EXPECT_NE(error("!c0ffee00", "!0000beef").find("another member has it"), std::string::npos);
    EXPECT_NE(error("\"7777", "\"777").find("64 hexadecimal digits"), std::string::npos);
    EXPECT_NE(error("\"beta\"", "\"gamma\"").find("gamma is none of the members"),
              std::string::npos);
    EXPECT_NE(error("[duties]", "[duties").find("node.toml:"), std::string::npos);
    EXPECT_NE(error("\"edge\"", "\"boss\"").find("boss"), std::string::npos);
}

TEST_F(NodeSetupTest, a_file_without_an_envelope_bounds_nothing) {
    const auto setup = read(whole());
    ASSERT_TRUE(setup) << setup.error();
    EXPECT_EQ(setup->terms.config.envelope.device, kNoNode);
}

TEST_F(NodeSetupTest, an_envelope_is_of_this_node_and_holds) {
    const auto setup = read(whole() +
                            "[envelope]\nopens = [\"unclassified\"]\npushes = false\n"
                            "facts_max = 4\nopened_max = 2\nfrom = [1, 1]\nto = [14, 9]\n");
    ASSERT_TRUE(setup) << setup.error();
    const node::Config& config = setup->terms.config;
    const learn::Envelope& envelope = config.envelope;
    EXPECT_EQ(envelope.device, config.self);
    EXPECT_TRUE(learn::verify(envelope, config.authority));
    EXPECT_EQ(envelope.openable, learn::Envelope::kUnclassified);
    EXPECT_FALSE(envelope.may_push);
    EXPECT_EQ(envelope.facts_max, 4);
    EXPECT_EQ(envelope.opened_max, 2);
    EXPECT_EQ(envelope.low, (learn::Cell{1, 1}));
    EXPECT_EQ(envelope.high, (learn::Cell{14, 9}));
}

TEST_F(NodeSetupTest, a_mistake_in_the_envelope_is_told_with_its_place) {
    const std::string head = "[duties]\n";
    const auto refused = [&](const std::string& line) {
        return error(head, "[envelope]\n" + line + "\n" + head);
    };
    EXPECT_NE(
        refused("opens = [\"sky\"]").find("node.toml:10: envelope.opens: expected unclassified"),
        std::string::npos);
    EXPECT_NE(refused("facts_max = 13").find("envelope.facts_max"), std::string::npos);
    EXPECT_NE(refused("to = [16, 0]").find("envelope.to"), std::string::npos);
    EXPECT_NE(
        refused("from = [5, 5]\nto = [4, 9]").find("envelope.to: expected a tile to the right"),
        std::string::npos);
    EXPECT_NE(refused("push = true").find("did you mean pushes?"), std::string::npos);
    EXPECT_NE(refused("device = \"!0000beef\"").find("unknown key"), std::string::npos);
}

TEST_F(NodeSetupTest, refuses_an_enrolment_of_other_keys_and_tells_its_own) {
    const std::string told = error("exchange_public = \"", "exchange_public = \"00");
    EXPECT_NE(told.find("64 hexadecimal digits"), std::string::npos);
    std::string text = whole();
    text.replace(text.find(own), own.size(),
                 "exchange_public = \"" + std::string(64, '1') + "\"\nsigning_public = \"" +
                     std::string(64, '2') + "\"\n");
    const auto setup = read(text);
    ASSERT_FALSE(setup);
    EXPECT_NE(setup.error().find(own.substr(0, own.find('\n'))), std::string::npos);
}

TEST_F(NodeSetupTest, refuses_a_file_with_the_swarms_key_that_others_read) {
    ASSERT_TRUE(read(whole()));
    fs::permissions(dir / "node.toml", fs::perms::others_read, fs::perm_options::add);
    const auto setup = setup_from_file((dir / "node.toml").string());
    ASSERT_FALSE(setup);
    EXPECT_NE(setup.error().find("chmod 600"), std::string::npos);
}

TEST_F(NodeSetupTest, takes_a_simulated_nodes_place) {
    const auto setup = setup_from_scenario("scenarios/blocked-cat.toml", "beta");
    ASSERT_TRUE(setup);
    EXPECT_TRUE(setup->terms.config.duties.works);
    EXPECT_EQ(setup->channel_name, "compot");
    EXPECT_FALSE(setup_from_scenario("scenarios/blocked-cat.toml", "nobody"));
    EXPECT_FALSE(setup_from_scenario("scenarios/no-such.toml", "beta"));
}

}  // namespace
}  // namespace compot::apps
