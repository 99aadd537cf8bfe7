#include "host/mqtt/client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "host/mqtt/mosquitto.hpp"

namespace compot::mqtt {
namespace {

using namespace std::chrono_literals;

/// Remembers everything it is told.
class Ear final : public Listener {
public:
    void up() override { note(ups_); }

    void down() override { note(downs_); }

    void trouble(const std::string& sentence) override {
        const std::lock_guard lock(mutex_);
        troubles_.push_back(sentence);
    }

    void heard(const Message& message) override {
        const std::lock_guard lock(mutex_);
        messages_.push_back(message);
    }

    void confirmed(Ticket ticket) override {
        const std::lock_guard lock(mutex_);
        tickets_.push_back(ticket);
    }

    [[nodiscard]] std::size_t ups() const { return get(ups_); }

    [[nodiscard]] std::size_t downs() const { return get(downs_); }

    [[nodiscard]] std::vector<std::string> troubles() const { return get(troubles_); }

    [[nodiscard]] std::vector<Ticket> tickets() const { return get(tickets_); }

    [[nodiscard]] std::vector<Message> messages() const { return get(messages_); }

    [[nodiscard]] std::vector<std::string> payloads() const {
        std::vector<std::string> payloads;
        for (const Message& message : messages()) payloads.push_back(message.payload);
        return payloads;
    }

private:
    void note(std::size_t& count) {
        const std::lock_guard lock(mutex_);
        ++count;
    }

    template <typename Value>
    Value get(const Value& value) const {
        const std::lock_guard lock(mutex_);
        return value;
    }

    mutable std::mutex mutex_;
    std::size_t ups_ = 0;
    std::size_t downs_ = 0;
    std::vector<std::string> troubles_;
    std::vector<Message> messages_;
    std::vector<Ticket> tickets_;
};

/// Waits for something that must come; how long is no promise.
template <typename Condition>
bool comes(Condition condition) {
    for (int i = 0; i < 3000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

Message message(const std::string& topic, const std::string& payload) {
    Message message;
    message.topic = topic;
    message.payload = payload;
    return message;
}

Terms quick() {
    Terms terms;
    terms.again_first = 20ms;
    terms.again_most = 100ms;
    return terms;
}

class MqttClient : public ::testing::Test {
protected:
    void SetUp() override {
        if (!Mosquitto::is_here()) GTEST_SKIP() << "no Mosquitto here: tools/install.sh unpacks it";
    }

    static Broker at(const Mosquitto& mosquitto) { return *parse_broker(mosquitto.url()); }
};

TEST_F(MqttClient, publishes_and_hears_any_bytes_in_order) {
    Mosquitto mosquitto;
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    client.subscribe("a/+", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    const std::string bytes("\0\xff\x94\xc3", 4);
    const Ticket first = client.publish(message("a/b", bytes));
    const Ticket second = client.publish(message("a/c", ""));
    (void)client.publish(message("b/c", "not for us"));
    ASSERT_TRUE(comes([&] { return ear.messages().size() == 2 && ear.tickets().size() == 3; }));
    EXPECT_EQ(ear.messages()[0].topic, "a/b");
    EXPECT_EQ(ear.payloads(), (std::vector<std::string>{bytes, ""}));
    EXPECT_EQ(ear.tickets()[0], first);
    EXPECT_EQ(ear.tickets()[1], second);
    EXPECT_TRUE(ear.troubles().empty());
    EXPECT_EQ(client.counters().waiting, 0U);
    EXPECT_EQ(client.counters().confirmed, 3U);
}

TEST_F(MqttClient, sends_when_the_broker_comes_what_was_published_before) {
    Mosquitto mosquitto;
    mosquitto.stop();
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    client.subscribe("t", Quality::AtLeastOnce);
    for (int i = 0; i < 50; ++i) ASSERT_NE(client.publish(message("t", std::to_string(i))), 0U);
    ASSERT_TRUE(comes([&] { return !ear.troubles().empty(); }));
    EXPECT_EQ(ear.troubles().front().find("mqtt://127.0.0.1:"), 0U) << ear.troubles().front();
    mosquitto.start();
    ASSERT_TRUE(comes([&] { return ear.messages().size() >= 50; }));
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(ear.payloads()[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(MqttClient, brings_each_job_to_one_of_many_who_share_a_subscription) {
    Mosquitto mosquitto;
    const Broker broker = at(mosquitto);
    std::vector<std::unique_ptr<Ear>> ears;
    std::vector<std::unique_ptr<Client>> helpers;
    for (int i = 0; i < 3; ++i) {
        ears.push_back(std::make_unique<Ear>());
        helpers.push_back(std::make_unique<Client>(broker, quick(), *ears.back()));
        helpers.back()->subscribe("$share/compots/swarm/jobs", Quality::AtLeastOnce);
        ASSERT_TRUE(comes([&] { return ears.back()->ups() == 1; }));
    }
    Ear owner_ear;
    Client owner(broker, quick(), owner_ear);
    std::vector<std::string> jobs;
    for (int i = 100; i < 160; ++i) jobs.push_back(std::to_string(i));
    const auto heard = [&] {
        std::vector<std::string> all;
        for (const auto& ear : ears) {
            const auto own = ear->payloads();
            all.insert(all.end(), own.begin(), own.end());
        }
        std::sort(all.begin(), all.end());
        return all;
    };
    for (std::size_t i = 0; i < 30; ++i)
        ASSERT_NE(owner.publish(message("swarm/jobs", jobs[i])), 0U);
    ASSERT_TRUE(comes([&] { return heard().size() >= 30; }));
    EXPECT_EQ(heard(), std::vector<std::string>(jobs.begin(), jobs.begin() + 30));
    for (const auto& ear : ears) EXPECT_GT(ear->messages().size(), 0U);
    helpers.erase(helpers.begin());  // one goes, and the others do what comes
    for (std::size_t i = 30; i < 60; ++i)
        ASSERT_NE(owner.publish(message("swarm/jobs", jobs[i])), 0U);
    ASSERT_TRUE(comes([&] { return heard().size() >= 60; }));
    EXPECT_EQ(heard(), jobs);
}

TEST_F(MqttClient, says_once_that_the_broker_is_gone_and_subscribes_anew) {
    Mosquitto mosquitto;
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    client.subscribe("t", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    for (std::size_t round = 2; round < 5; ++round) {
        const std::size_t before = ear.troubles().size();
        mosquitto.stop();
        ASSERT_TRUE(comes([&] { return ear.troubles().size() > before; }));
        ASSERT_NE(client.publish(message("t", "round " + std::to_string(round))), 0U);
        std::this_thread::sleep_for(300ms);  // many attempts fit in here
        EXPECT_LE(ear.troubles().size(), before + 2);
        EXPECT_EQ(ear.downs(), round - 1);
        mosquitto.start();
        ASSERT_TRUE(comes([&] { return ear.ups() == round; }));
        ASSERT_TRUE(comes([&] { return ear.messages().size() >= round - 1; }));
        EXPECT_EQ(ear.payloads().back(), "round " + std::to_string(round));
    }
}

TEST_F(MqttClient, loses_nothing_when_the_broker_falls_in_the_middle) {
    Mosquitto mosquitto;
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    std::vector<Ticket> tickets;
    for (int i = 0; i < 100; ++i) {
        if (i % 25 == 10) mosquitto.stop();
        tickets.push_back(client.publish(message("t", std::to_string(i))));
        ASSERT_NE(tickets.back(), 0U);
        if (i % 25 == 20) mosquitto.start();
    }
    ASSERT_TRUE(comes([&] { return client.counters().waiting == 0; }));
    std::vector<Ticket> confirmed = ear.tickets();
    std::sort(confirmed.begin(), confirmed.end());
    EXPECT_EQ(confirmed, tickets);
}

TEST_F(MqttClient, refuses_what_is_more_than_may_wait) {
    Mosquitto mosquitto;
    mosquitto.halt();
    Ear ear;
    Terms terms = quick();
    terms.waiting_max = 3;
    terms.packet_bytes_max = 1000;
    Client client(at(mosquitto), terms, ear);
    EXPECT_EQ(client.publish(message("t", std::string(1000, 'x'))), 0U);
    for (int i = 0; i < 3; ++i) EXPECT_NE(client.publish(message("t", "x")), 0U);
    EXPECT_EQ(client.publish(message("t", "x")), 0U);
    EXPECT_EQ(client.counters().refused, 2U);
    mosquitto.resume();
    EXPECT_TRUE(comes([&] { return client.counters().waiting == 0; }));
}

TEST_F(MqttClient, hands_each_message_to_one_of_a_group) {
    Mosquitto mosquitto;
    Ear one;
    Ear other;
    Ear all;
    Client first(at(mosquitto), quick(), one);
    Client second(at(mosquitto), quick(), other);
    Client third(at(mosquitto), quick(), all);
    first.subscribe("$share/workers/jobs/#", Quality::AtLeastOnce);
    second.subscribe("$share/workers/jobs/#", Quality::AtLeastOnce);
    third.subscribe("jobs/#", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return one.ups() + other.ups() + all.ups() == 3; }));
    std::vector<std::string> jobs;
    for (int i = 0; i < 20; ++i) {
        jobs.push_back("job " + std::to_string(100 + i));
        ASSERT_NE(third.publish(message("jobs/x", jobs.back())), 0U);
    }
    ASSERT_TRUE(comes([&] {
        return all.messages().size() == 20 && one.messages().size() + other.messages().size() == 20;
    }));
    std::vector<std::string> taken = one.payloads();
    for (const std::string& payload : other.payloads()) taken.push_back(payload);
    std::sort(taken.begin(), taken.end());
    EXPECT_EQ(taken, jobs);
    EXPECT_FALSE(one.messages().empty());
    EXPECT_FALSE(other.messages().empty());
}

TEST_F(MqttClient, of_a_kept_session_gets_what_came_while_it_was_away) {
    const Mosquitto mosquitto;
    Ear sender_ear;
    Client sender(at(mosquitto), quick(), sender_ear);
    Terms terms = quick();
    terms.client_id = "one-that-comes-back";
    terms.session = 1h;
    Ear ear;
    {
        Client client(at(mosquitto), terms, ear);
        client.subscribe("t", Quality::AtLeastOnce);
        ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    }
    ASSERT_NE(sender.publish(message("t", "while you were away")), 0U);
    ASSERT_TRUE(comes([&] { return sender_ear.tickets().size() == 1; }));
    EXPECT_TRUE(ear.messages().empty());
    const Client client(at(mosquitto), terms, ear);
    ASSERT_TRUE(comes([&] { return ear.messages().size() == 1; }));
    EXPECT_EQ(ear.payloads()[0], "while you were away");
}

TEST_F(MqttClient, gets_what_was_retained_and_not_what_has_expired) {
    const Mosquitto mosquitto;
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    Message kept = message("t/kept", "kept");
    kept.retained = true;
    Message short_lived = message("t/short", "short-lived");
    short_lived.retained = true;
    short_lived.expires = 1s;
    ASSERT_NE(client.publish(kept), 0U);
    ASSERT_NE(client.publish(short_lived), 0U);
    ASSERT_TRUE(comes([&] { return ear.tickets().size() == 2; }));
    std::this_thread::sleep_for(2500ms);
    client.subscribe("t/#", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return !ear.messages().empty(); }));
    EXPECT_TRUE(ear.messages()[0].retained);
    EXPECT_EQ(ear.payloads(), std::vector<std::string>{"kept"});
}

TEST_F(MqttClient, is_let_in_by_its_password_alone) {
    const Mosquitto mosquitto("allow_anonymous false\n", {{"me", "right"}});
    Terms terms = quick();
    terms.credentials = {"me", "wrong", ""};
    Ear stranger_ear;
    const Client stranger(at(mosquitto), terms, stranger_ear);
    ASSERT_TRUE(comes([&] { return !stranger_ear.troubles().empty(); }));
    EXPECT_EQ(stranger_ear.troubles()[0].find("wrong"), std::string::npos);
    terms.credentials.password = "right";
    Ear ear;
    const Client client(at(mosquitto), terms, ear);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    EXPECT_EQ(stranger_ear.ups(), 0U);
    EXPECT_EQ(stranger_ear.troubles().size(), 1U) << stranger_ear.troubles().back();
}

TEST_F(MqttClient, by_tls_speaks_to_nobody_whose_certificate_it_does_not_trust) {
    const std::string place = ::testing::TempDir() + "compot_mqtt_tls";
    const std::string make =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout " +
        place + ".key -out " + place + ".pem 2>/dev/null";
    ASSERT_EQ(std::system(make.c_str()), 0);
    const Mosquitto mosquitto("allow_anonymous true\ncertfile " + place + ".pem\nkeyfile " + place +
                              ".key\n");
    const auto broker = parse_broker("mqtts://localhost:" + std::to_string(mosquitto.port()));
    ASSERT_TRUE(broker);
    Ear stranger_ear;
    const Client stranger(*broker, quick(), stranger_ear);
    ASSERT_TRUE(comes([&] { return !stranger_ear.troubles().empty(); }));
    Terms terms = quick();
    terms.credentials.ca_file = place + ".pem";
    Ear wrong_ear;
    const Client wrong(*parse_broker("mqtts://127.0.0.1:" + std::to_string(mosquitto.port())),
                       terms, wrong_ear);
    ASSERT_TRUE(comes([&] { return !wrong_ear.troubles().empty(); })) << "another name";
    Ear ear;
    Client client(*broker, terms, ear);
    client.subscribe("t", Quality::AtLeastOnce);
    ASSERT_NE(client.publish(message("t", "hidden")), 0U);
    ASSERT_TRUE(comes([&] { return ear.messages().size() == 1; }));
    EXPECT_EQ(stranger_ear.ups(), 0U);
    EXPECT_EQ(wrong_ear.ups(), 0U);
}

TEST_F(MqttClient, survives_a_broker_that_accepts_and_says_nothing) {
    Mosquitto mosquitto;
    Terms terms = quick();
    terms.keep_alive = 1s;
    Ear ear;
    Client client(at(mosquitto), terms, ear);
    client.subscribe("t", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    mosquitto.halt();
    ASSERT_NE(client.publish(message("t", "patient")), 0U);
    ASSERT_TRUE(comes([&] { return !ear.troubles().empty(); }));
    mosquitto.resume();
    ASSERT_TRUE(comes([&] { return !ear.messages().empty(); }));
    EXPECT_EQ(ear.payloads().back(), "patient");
}

TEST_F(MqttClient, a_message_that_the_broker_never_takes_holds_up_no_other) {
    const Mosquitto mosquitto("allow_anonymous true\nmax_packet_size 300\n");
    Ear ear;
    Client client(at(mosquitto), quick(), ear);
    client.subscribe("t", Quality::AtLeastOnce);
    ASSERT_TRUE(comes([&] { return ear.ups() == 1; }));
    ASSERT_NE(client.publish(message("t", std::string(400, 'x'))), 0U);
    ASSERT_NE(client.publish(message("t", "small")), 0U);
    ASSERT_TRUE(comes([&] { return !ear.messages().empty(); }));
    EXPECT_EQ(ear.payloads(), std::vector<std::string>{"small"});
    EXPECT_EQ(client.counters().refused, 1U);
    EXPECT_EQ(client.counters().connections, 1U);
    EXPECT_EQ(ear.troubles().size(), 1U);
}

}  // namespace
}  // namespace compot::mqtt
