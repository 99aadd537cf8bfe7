#include "host/web/api.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

#include "edge/scene/decode.hpp"
#include "host/web/fake_swarm.hpp"

namespace compot::web {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string png(int side) {
    scene::Image image{side, side, {}};
    image.rgb.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3, 77);
    const auto bytes = scene::encode_png(image);
    return {bytes.begin(), bytes.end()};
}

class ApiTest : public ::testing::Test {
protected:
    ApiTest() {
        fs::create_directories(root / "assets");
        std::ofstream(root / "index.html") << "<p>the page</p>";
        std::ofstream(root / "assets" / "a b.js") << "code";
        std::ofstream(root / ".hidden") << "no";
        std::ofstream(root.parent_path() / (root.filename().string() + ".secret")) << "no";
        fs::create_symlink("/etc/passwd", root / "link.txt");
    }

    ~ApiTest() override {
        fs::remove_all(root);
        fs::remove(root.string() + ".secret");
    }

    Response ask(Request request) {
        std::promise<Response> answer;
        api.handle(request, [&answer](Response response) { answer.set_value(response); });
        return answer.get_future().get();
    }

    Response get(const std::string& target) {
        return ask({"GET", target, "localhost:8080", "", "", ""});
    }

    Response post(const std::string& target, const std::string& body,
                  const std::string& type = "application/json") {
        return ask({"POST", target, "localhost:8080", "", type, body});
    }

    static std::string field(const std::string& name, const std::string& value) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value +
               "\r\n";
    }

    Response hand_in(const std::string& metadata, const std::string& file) {
        return post("/api/tasks", field("metadata", metadata) + field("file", file) + "--B--\r\n",
                    "multipart/form-data; boundary=B");
    }

    Json task(const std::string& id) {
        for (int i = 0; i < 500; ++i) {
            const Json json = Json::parse(get("/api/tasks/" + id).body);
            if (json["status"] == "completed" || json["status"] == "failed") return json;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return {};
    }

    fs::path root = fs::temp_directory_path() / ("api_test_" + std::to_string(::getpid()));
    FakeSwarm swarm;
    FakeClassifier classifier;
    Tasks tasks{swarm, {&classifier}};
    Api api{swarm, &tasks, Files(root), Access{{"swarm.example"}}};
};

TEST_F(ApiTest, tells_health_and_lists) {
    EXPECT_EQ(get("/health").body, R"({"status":"ok","t":3000000})");
    for (const char* list : {"/api/nodes", "/api/jobs", "/api/ledger", "/api/packets"})
        EXPECT_EQ(get(list).body, "[]") << list;
    EXPECT_EQ(get("/api/everything").status, 404U);
    EXPECT_EQ(get("/api/registry").body, R"({"t":3000000,"records":[]})");
    swarm.refusal = "busy";
    EXPECT_EQ(get("/api/registry").status, 409U);
    EXPECT_EQ(ask({"DELETE", "/health", "localhost", "", "", ""}).status, 405U);
}

TEST_F(ApiTest, cancels_a_job_that_is_known_and_not_over) {
    swarm.feed.job({}, {0x2A, NodeId{1}, NodeId{}, "asked", ""});
    swarm.feed.job({}, {0x2B, NodeId{1}, NodeId{}, "ended", "resumed"});
    EXPECT_EQ(post("/api/jobs/0000002a/cancel", "").status, 200U);
    ASSERT_EQ(swarm.controls.size(), 1U);
    EXPECT_EQ(swarm.controls[0].what, Control::Do::Cancel);
    EXPECT_EQ(swarm.controls[0].nonce, 0x2AU);
    EXPECT_EQ(post("/api/jobs/0000002b/cancel", "").status, 409U);
    for (const char* unknown : {"/api/jobs/0000002c/cancel", "/api/jobs/2a/cancel",
                                "/api/jobs//cancel", "/api/jobs/cancel", "/api/jobs/0000002a"})
        EXPECT_EQ(post(unknown, "").status, 404U) << unknown;
    EXPECT_EQ(swarm.controls.size(), 1U);
    swarm.refusal = "only who asked can";
    const Response refused = post("/api/jobs/0000002a/cancel", "");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(Json::parse(refused.body)["error"], "only who asked can");
}

TEST_F(ApiTest, tells_the_signed_ledger_or_why_not) {
    EXPECT_EQ(get("/api/ledger/signed").body, "{}");
    swarm.refusal = "no node here has a ledger";
    EXPECT_EQ(get("/api/ledger/signed").status, 409U);
}

TEST_F(ApiTest, serves_the_page_and_only_the_page) {
    EXPECT_EQ(get("/").body, "<p>the page</p>");
    EXPECT_EQ(get("/").content_type, "text/html; charset=utf-8");
    EXPECT_EQ(get("/?seed=3").status, 200U);
    EXPECT_EQ(get("/assets/a%20b.js").body, "code");
    EXPECT_EQ(get("/assets/a%20b.js").content_type, "text/javascript; charset=utf-8");
    const std::string secret = root.filename().string() + ".secret";
    for (const std::string& path :
         {std::string("/nothing"), std::string("/assets"), std::string("/.hidden"),
          std::string("/link.txt"), "/../" + secret, "/%2e%2e/" + secret, "/assets/../../" + secret,
          "/..%2f" + secret, std::string("/..\\x"), std::string("//etc/passwd"),
          std::string("/%00"), std::string("/%zz"), std::string("/%"), std::string("x"),
          std::string("")})
        EXPECT_EQ(get(path).status, 404U) << path;
}

TEST_F(ApiTest, without_a_built_page_it_says_how_to_build_it) {
    Api bare(swarm, nullptr, Files(root / "missing"), {});
    std::string body;
    bare.handle({"GET", "/", "localhost", "", "", ""}, [&body](Response got) { body = got.body; });
    EXPECT_NE(body.find("npm run build"), std::string::npos);
}

TEST_F(ApiTest, admits_only_its_own_names_and_its_own_pages) {
    const auto status = [this](const char* host, const char* origin) {
        return ask({"GET", "/health", host, origin, "", ""}).status;
    };
    for (const char* host : {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080",
                             "192.168.1.20:8080", "swarm.example:8080"})
        EXPECT_EQ(status(host, ""), 200U) << host;
    for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                             "swarm.example.evil", "[evil]", "1.2.3"})
        EXPECT_EQ(status(host, ""), 403U) << host;
    EXPECT_EQ(status("localhost:8080", "http://localhost:8080"), 200U);
    for (const char* origin : {"http://evil.example", "https://localhost:8080", "null",
                               "http://localhost:9090", "http://localhost:8080.evil.example"})
        EXPECT_EQ(status("localhost:8080", origin), 403U) << origin;
}

TEST_F(ApiTest, passes_controls_on_and_their_refusals_back) {
    EXPECT_EQ(post("/api/control", R"({"do":"pause"})").body, R"({"do":"pause"})");
    ASSERT_EQ(swarm.controls.size(), 1U);
    EXPECT_EQ(post("/api/control", R"({"do":"dance"})").status, 400U);
    swarm.refusal = "a site is on tile 3,4";
    const Response refused = post("/api/control", R"({"do":"put","at":[3,4],"what":"MOVABLE"})");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(refused.body, R"({"error":"a site is on tile 3,4"})");
    EXPECT_EQ(swarm.controls.size(), 2U);
    std::string frame;
    api.hear(R"({"do":"put","at":[3,4],"what":"MOVABLE"})",
             [&frame](std::string got) { frame = got; });
    EXPECT_EQ(frame, R"({"type":"error","do":"put","error":"a site is on tile 3,4"})");
    swarm.refusal = "";
    api.hear(R"({"do":"run"})", [&frame](std::string got) { frame = got; });
    EXPECT_EQ(frame, R"({"type":"done","do":"run"})");
    api.hear("\xff\"", [&frame](std::string got) { frame = got; });
    EXPECT_FALSE(Json::parse(frame, nullptr, false).is_discarded());
}

TEST_F(ApiTest, a_picture_is_classified_and_shown_to_the_swarm) {
    const Response accepted = hand_in(R"({"tileX":7,"tileY":8,"prompt":"what is it?"})", png(32));
    ASSERT_EQ(accepted.status, 202U) << accepted.body;
    const Json done = task(Json::parse(accepted.body)["task_id"]);
    EXPECT_EQ(done["status"], "completed") << done;
    EXPECT_EQ(done["result"]["classification"], "MOVABLE");
    EXPECT_EQ(done["result"]["confidence_permille"], 987);
    EXPECT_EQ(done["result"]["value"], 15);
    EXPECT_EQ(done["result"]["tile"], Json::array({7, 8}));
    ASSERT_EQ(swarm.shown.size(), 1U);
    EXPECT_EQ(swarm.shown[0], (learn::Cell{7, 8}));
    EXPECT_EQ(swarm.seen, learn::TileClass::Movable);
    EXPECT_EQ(get("/api/tasks/unknown").status, 404U);
}

TEST_F(ApiTest, a_task_fails_with_the_reason) {
    classifier.works = false;
    Json done = task(Json::parse(hand_in(R"({"tileX":7,"tileY":8})", png(32)).body)["task_id"]);
    EXPECT_EQ(done["status"], "failed");
    EXPECT_EQ(done["error"], "the bench is switched off");
    EXPECT_TRUE(swarm.shown.empty());
    classifier.works = true;
    swarm.refusal = "Compot is off";
    done = task(Json::parse(hand_in(R"({"tileX":7,"tileY":8})", png(32)).body)["task_id"]);
    EXPECT_EQ(done["status"], "failed");
    EXPECT_EQ(done["error"], "Compot is off");
    EXPECT_EQ(done["result"]["classification"], "MOVABLE") << "what was seen is told all the same";
}

TEST_F(ApiTest, refuses_bad_uploads_with_400) {
    const std::string tile = R"({"tileX":7,"tileY":8})";
    const std::string good = png(16);
    for (const auto& [metadata, file] : std::vector<std::pair<std::string, std::string>>{
             {"not json", good},
             {"[]", good},
             {R"({"tileX":7})", good},
             {R"({"tileX":16,"tileY":8})", good},
             {R"({"tileX":-1,"tileY":8})", good},
             {R"({"tileX":"7","tileY":8})", good},
             {R"({"tileX":7,"tileY":8,"prompt":5})", good},
             {tile, ""},
             {tile, "GIF89a..."},
             {tile, good.substr(0, good.size() / 2)},
             {tile, "\xff\xd8\xff\xe0 no jpeg"}}) {
        const Response response = hand_in(metadata, file);
        EXPECT_EQ(response.status, 400U) << metadata << ": " << response.body;
        EXPECT_FALSE(Json::parse(response.body)["error"].get<std::string>().empty());
    }
    EXPECT_EQ(post("/api/tasks", "{}").status, 400U);
    EXPECT_EQ(
        post("/api/tasks", field("file", good) + "--B--", "multipart/form-data; boundary=B").status,
        400U);
    EXPECT_TRUE(swarm.shown.empty());
}

TEST_F(ApiTest, refuses_pictures_past_the_limits_with_413) {
    const std::string tile = R"({"tileX":7,"tileY":8})";
    EXPECT_EQ(hand_in(tile, std::string(8 * 1024 * 1024 + 1, 'x')).status, 413U);
    std::string huge = png(16);
    huge.replace(16, 8, std::string("\x00\x00\x20\x00\x00\x00\x20\x00", 8));  // claims 8192 x 8192
    EXPECT_EQ(hand_in(tile, huge).status, 413U);
}

TEST_F(ApiTest, a_recording_takes_no_pictures) {
    Api bare(swarm, nullptr, Files(root), {});
    unsigned status = 0;
    bare.handle({"POST", "/api/tasks", "localhost", "", "", ""},
                [&status](Response got) { status = got.status; });
    EXPECT_EQ(status, 409U);
}

}  // namespace
}  // namespace compot::web
