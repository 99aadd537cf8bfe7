#include "host/web/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "edge/scene/decode.hpp"
#include "host/web/multipart.hpp"

namespace compot::web {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kPromptBytesMax = 1000;

/// What a class is worth to whoever meets it.
int value_of(learn::TileClass what) {
    switch (what) {
        case learn::TileClass::Movable: return 15;
        case learn::TileClass::Immovable: return -3;
        case learn::TileClass::Dangerous: return -20;
        case learn::TileClass::Clear: break;
    }
    return 0;
}

const Part* find_part(const std::vector<Part>& parts, std::string_view name) {
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [name](const Part& part) { return part.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

/// A sentence, or empty.
std::string read_metadata(std::string_view text, learn::Cell& at, std::string& prompt) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return "`metadata` is no JSON object";
    const auto side = [&json](const char* name, std::uint8_t& out) {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_number_unsigned() ||
            found->get<std::uint64_t>() >= learn::kGridSide)
            return false;
        out = found->get<std::uint8_t>();
        return true;
    };
    if (!side("tileX", at.x)) return "`tileX` in the metadata must be 0..15";
    if (!side("tileY", at.y)) return "`tileY` in the metadata must be 0..15";
    const auto found = json.find("prompt");
    if (found == json.end() || found->is_null()) return "";
    if (!found->is_string() || found->get_ref<const std::string&>().size() > kPromptBytesMax)
        return "`prompt` in the metadata must be a string of at most 1000 bytes";
    prompt = found->get<std::string>();
    return "";
}

BytesView bytes_of(const std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string fresh_id() {
    std::random_device device;
    return fmt::format("{:08x}{:08x}", device(), device());
}

}  // namespace

Tasks::Tasks(Swarm& swarm, scene::SceneClassifier& classifier)
    : swarm_(swarm), classifier_(classifier), worker_([this] { work(); }) {}

Tasks::~Tasks() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    worker_.join();
    for (const Order& order : waiting_) order.answer(refusal(503, "the server is shutting down"));
}

Result<Tasks::Order, Response> Tasks::read_order(const Request& request) {
    const auto parts = parse_multipart(request.content_type, request.body);
    if (!parts) return refusal(400, parts.error());
    const Part* metadata = find_part(*parts, "metadata");
    const Part* file = find_part(*parts, "file");
    if (metadata == nullptr) return refusal(400, "the part `metadata` is missing");
    if (file == nullptr) return refusal(400, "the part `file` is missing");
    Order order;
    const std::string problem = read_metadata(metadata->data, order.at, order.prompt);
    if (!problem.empty()) return refusal(400, problem);
    if (file->data.empty()) return refusal(400, "the picture is empty");
    if (file->data.size() > scene::kFileBytesMax)
        return refusal(413, "the picture is larger than 8 MB");
    order.file = file->data;
    return order;
}

void Tasks::submit(const Request& request, Answer answer) {
    auto order = read_order(request);
    if (!order) {
        answer(order.error());
        return;
    }
    order->answer = answer;
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && waiting_.size() < kTasksWaitingMax) {
            waiting_.push_back(*std::move(order));
            changed_.notify_all();
            return;
        }
    }
    answer(refusal(503, "too many pictures are waiting: try again soon"));
}

void Tasks::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        const Order order = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        carry_out(order);
        lock.lock();
    }
}

void Tasks::carry_out(const Order& order) {
    const auto image = scene::decode(bytes_of(order.file));
    if (!image) {
        order.answer(
            refusal(image.error().cause == Error::TooBig ? 413 : 400, image.error().sentence));
        return;
    }
    const std::string id = remember(order);
    order.answer({202, "application/json", fmt::format(R"({{"task_id":"{}"}})", id)});
    update(id, [](Task& task) { task.status = "processing"; });
    const auto scene = classifier_.classify(*image);
    if (!scene) {
        update(id, [&scene](Task& task) {
            task.status = "failed";
            task.error = scene.error().sentence;
        });
        return;
    }
    update(id, [&scene](Task& task) { task.scene = *scene; });
    swarm_.show(order.at, *image, *scene, [this, id](const std::string& error) {
        update(id, [&error](Task& task) {
            task.status = error.empty() ? "completed" : "failed";
            task.error = error;
        });
    });
}

std::string Tasks::remember(const Order& order) {
    const std::lock_guard lock(mutex_);
    Task task;
    task.id = fresh_id();
    task.at = order.at;
    task.prompt = order.prompt;
    tasks_.push_back(std::move(task));
    if (tasks_.size() > kTasksRememberedMax) tasks_.pop_front();
    return tasks_.back().id;
}

template <typename Change>
void Tasks::update(const std::string& id, Change change) {
    const std::lock_guard lock(mutex_);
    for (Task& task : tasks_) {
        if (task.id == id) change(task);
    }
}

Response Tasks::look(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto task = std::find_if(tasks_.begin(), tasks_.end(),
                                   [&id](const Task& each) { return each.id == id; });
    if (task == tasks_.end()) return refusal(404, "no such task");
    Json json{{"status", task->status}, {"prompt", task->prompt}};
    if (!task->scene.backend.empty()) {
        json["result"] = {{"classification", learn::to_string(task->scene.what)},
                          {"confidence_permille", task->scene.confidence_permille},
                          {"backend", task->scene.backend},
                          {"value", value_of(task->scene.what)},
                          {"tile", {task->at.x, task->at.y}}};
    }
    if (!task->error.empty()) json["error"] = task->error;
    return {200, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace compot::web
