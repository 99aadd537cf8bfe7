#include "host/mqtt/broker.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace compot::mqtt {
namespace {

TEST(Broker, is_a_host_with_a_port_and_a_path) {
    const auto plain = parse_broker("mqtt://mesh.example");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "mesh.example");
    EXPECT_EQ(plain->port, 1883);
    EXPECT_FALSE(plain->tls);
    EXPECT_EQ(plain->path, "");
    const auto full = parse_broker("mqtts://[::1]:99/msh/EU_868");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->host, "::1");
    EXPECT_EQ(full->port, 99);
    EXPECT_TRUE(full->tls);
    EXPECT_EQ(full->path, "msh/EU_868");
    EXPECT_EQ(to_string(*full), "mqtts://[::1]:99");
    EXPECT_EQ(parse_broker("mqtts://h")->port, 8883);
}

TEST(Broker, is_refused_in_one_line_that_says_what_to_write) {
    for (const char* text : {"", "mqtt", "http://host", "mqtt://", "mqtt://:1883", "mqtt://h:0",
                             "mqtt://h:65536", "mqtt://h:1x", "mqtt://h:", "mqtt://[::1",
                             "mqtt://[::1]x:1", "mqtt://a b", "mqtt:///p"}) {
        const auto broker = parse_broker(text);
        ASSERT_FALSE(broker) << text;
        EXPECT_NE(broker.error().find("mqtt://HOST"), std::string::npos) << text;
        EXPECT_EQ(broker.error().find('\n'), std::string::npos) << text;
    }
}

TEST(Broker, is_refused_with_a_password_that_is_not_repeated) {
    const auto broker = parse_broker("mqtt://me:s3cret@host");
    ASSERT_FALSE(broker);
    EXPECT_NE(broker.error().find("COMPOTASTIC_MQTT_PASSWORD"), std::string::npos);
    EXPECT_EQ(broker.error().find("s3cret"), std::string::npos);
}

class CredentialsTest : public ::testing::Test {
protected:
    CredentialsTest() { std::ofstream(file) << "from the file\nnot this\n"; }

    ~CredentialsTest() override {
        for (const char* name : {"COMPOTASTIC_MQTT_USER", "COMPOTASTIC_MQTT_PASSWORD",
                                 "COMPOTASTIC_MQTT_PASSWORD_FILE", "COMPOTASTIC_MQTT_CA"})
            ::unsetenv(name);
        std::filesystem::remove(file);
    }

    std::string file = ::testing::TempDir() + "compot_mqtt_password";
};

TEST_F(CredentialsTest, come_from_the_environment) {
    EXPECT_EQ(credentials_from_environment()->user, "");
    ::setenv("COMPOTASTIC_MQTT_USER", "me", 1);
    ::setenv("COMPOTASTIC_MQTT_PASSWORD", "word", 1);
    ::setenv("COMPOTASTIC_MQTT_CA", "/ca.pem", 1);
    const auto credentials = credentials_from_environment();
    ASSERT_TRUE(credentials);
    EXPECT_EQ(credentials->user, "me");
    EXPECT_EQ(credentials->password, "word");
    EXPECT_EQ(credentials->ca_file, "/ca.pem");
}

TEST_F(CredentialsTest, or_from_a_file_that_only_its_owner_reads) {
    namespace fs = std::filesystem;
    ::setenv("COMPOTASTIC_MQTT_PASSWORD_FILE", file.c_str(), 1);
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read);
    const auto shared = credentials_from_environment();
    ASSERT_FALSE(shared);
    EXPECT_NE(shared.error().find("chmod 600"), std::string::npos);
    fs::permissions(file, fs::perms::owner_read);
    ASSERT_TRUE(credentials_from_environment());
    EXPECT_EQ(credentials_from_environment()->password, "from the file");
    fs::remove(file);
    ASSERT_FALSE(credentials_from_environment());
}

}  // namespace
}  // namespace compot::mqtt
