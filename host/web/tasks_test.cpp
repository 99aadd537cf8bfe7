#include "host/web/tasks.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "edge/scene/decode.hpp"
#include "host/web/fake_swarm.hpp"

namespace compot::web {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// A swarm that is asked and does not answer any more: the process ended before.
class SilentSwarm final : public Swarm {
public:
    observe::Feed::Reader reader(std::optional<std::uint64_t> resume,
                                 const std::string& run) override {
        return inner.reader(resume, run);
    }

    observe::Message next(observe::Feed::Reader& reader) override { return inner.next(reader); }

    std::string list(List which) override { return inner.list(which); }

    Time now() override { return inner.now(); }

    void registries(Told told) override { inner.registries(told); }

    void control(const Control&, Done) override {}

    void signed_ledger(Told) override {}

    void show(learn::Cell, const scene::Image&, const scene::Scene&, Done) override {
        asked.set_value();
    }

    FakeSwarm inner;
    std::promise<void> asked;
};

class TasksTest : public ::testing::Test {
protected:
    TasksTest() { shelf = *store::Shelf::open(folder); }

    ~TasksTest() override { fs::remove_all(folder); }

    static Response hand_in(Tasks& tasks, const std::string& file) {
        const std::string body =
            "--B\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n"
            R"({"tileX":3,"tileY":4,"prompt":"what?"})"
            "\r\n--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" +
            file + "\r\n--B--\r\n";
        std::promise<Response> answer;
        tasks.submit(
            {"POST", "/api/tasks", "localhost", "", "multipart/form-data; boundary=B", body},
            [&answer](Response response) { answer.set_value(response); });
        return answer.get_future().get();
    }

    static std::string picture() {
        scene::Image image{16, 16, {}};
        image.rgb.resize(16UL * 16 * 3, 77);
        const auto bytes = scene::encode_png(image);
        return {bytes.begin(), bytes.end()};
    }

    static Json end_of(Tasks& tasks, const std::string& id) {
        for (int i = 0; i < 1000; ++i) {
            const Json json = Json::parse(tasks.look(id).body);
            if (json["status"] == "completed" || json["status"] == "failed") return json;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return {};
    }

    std::string folder =
        (fs::temp_directory_path() / ("tasks_test_" + std::to_string(::getpid()))).string();
    std::unique_ptr<store::Shelf> shelf;
    FakeClassifier classifier;
};

/// Takes its time.
class Far final : public scene::Elsewhere {
public:
    void look(const scene::Image&, scene::OnSeen seen) override {
        const std::lock_guard lock(mutex_);
        asked_.push_back(std::move(seen));
    }

    [[nodiscard]] std::vector<scene::OnSeen> asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    std::mutex mutex_;
    std::vector<scene::OnSeen> asked_;
};

TEST_F(TasksTest, what_is_asked_elsewhere_holds_up_nobody_and_is_asked_again_after_a_restart) {
    FakeSwarm swarm;
    std::string first;
    {
        Far far;
        Tasks tasks(swarm, {nullptr, &far}, shelf.get());
        first = Json::parse(hand_in(tasks, picture()).body)["task_id"];
        const std::string second = Json::parse(hand_in(tasks, picture()).body)["task_id"];
        while (far.asked().size() < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        far.asked()[1](scene::Scene{learn::TileClass::Movable, 900, "far"});
        EXPECT_EQ(end_of(tasks, second)["result"]["backend"], "far");
        EXPECT_EQ(Json::parse(tasks.look(first).body)["status"], "processing");
    }
    Far far;
    Tasks tasks(swarm, {nullptr, &far}, shelf.get());
    while (far.asked().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    far.asked()[0](scene::Failure{Error::NotReady, "nobody looked"});
    EXPECT_EQ(end_of(tasks, first)["error"], "nobody looked");
}

TEST_F(TasksTest, an_end_that_was_told_is_known_to_the_next_process) {
    FakeSwarm swarm;
    std::string id;
    Json told;
    {
        Tasks tasks(swarm, {&classifier}, shelf.get());
        id = Json::parse(hand_in(tasks, picture()).body)["task_id"];
        told = end_of(tasks, id);
        EXPECT_EQ(told["status"], "completed");
    }
    Tasks tasks(swarm, {&classifier}, shelf.get());
    EXPECT_EQ(Json::parse(tasks.look(id).body), told);
    EXPECT_EQ(swarm.shown.size(), 1U) << "what was done is not done again";
}

TEST_F(TasksTest, what_was_accepted_and_not_done_is_done_by_the_next_process) {
    std::string id;
    {
        SilentSwarm swarm;
        Tasks tasks(swarm, {&classifier}, shelf.get());
        const Response accepted = hand_in(tasks, picture());
        ASSERT_EQ(accepted.status, 202U);
        id = Json::parse(accepted.body)["task_id"];
        swarm.asked.get_future().wait();
    }
    FakeSwarm swarm;
    Tasks tasks(swarm, {&classifier}, shelf.get());
    EXPECT_EQ(end_of(tasks, id)["status"], "completed");
    ASSERT_EQ(swarm.shown.size(), 1U);
    EXPECT_EQ(swarm.shown[0], (learn::Cell{3, 4}));
}

TEST_F(TasksTest, what_cannot_be_kept_is_not_accepted) {
    FakeSwarm swarm;
    Tasks tasks(swarm, {&classifier}, shelf.get());
    fs::remove_all(folder);
    const Response refused = hand_in(tasks, picture());
    EXPECT_EQ(refused.status, 503U);
    EXPECT_NE(refused.body.find("can't be kept"), std::string::npos) << refused.body;
    EXPECT_TRUE(swarm.shown.empty());
}

TEST_F(TasksTest, forgets_the_oldest_on_the_shelf_too) {
    FakeSwarm swarm;
    Tasks tasks(swarm, {&classifier}, shelf.get());
    std::string first;
    for (std::size_t i = 0; i <= kTasksRememberedMax; ++i) {
        const std::string id = Json::parse(hand_in(tasks, picture()).body)["task_id"];
        if (first.empty()) first = id;
        end_of(tasks, id);
    }
    EXPECT_EQ(tasks.look(first).status, 404U);
    EXPECT_EQ(shelf->all().size(), kTasksRememberedMax);
}

TEST_F(TasksTest, leaves_out_what_nobody_of_ours_put_on_the_shelf) {
    ASSERT_TRUE(shelf->put("stranger", "no JSON at all"));
    ASSERT_TRUE(shelf->put("another", R"({"number":1,"status":"pending","tileX":"x"})"));
    FakeSwarm swarm;
    Tasks tasks(swarm, {&classifier}, shelf.get());
    EXPECT_EQ(tasks.look("stranger").status, 404U);
    EXPECT_EQ(tasks.look("another").status, 404U);
}

}  // namespace
}  // namespace compot::web
