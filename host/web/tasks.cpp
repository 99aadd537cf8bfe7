#include "host/web/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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

Tasks::Tasks(Swarm& swarm, const scene::Eyes& eyes, store::Shelf* shelf)
    : swarm_(swarm), eyes_(eyes), shelf_(shelf) {
    take_up();
    worker_ = std::thread([this] { work(); });
}

Tasks::~Tasks() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    worker_.join();
    for (const Order& order : waiting_)
        if (order.answer) order.answer(refusal(503, "the server is shutting down"));
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
    std::string id = order.id;
    if (!image && id.empty())
        return order.answer(
            refusal(image.error().cause == Error::TooBig ? 413 : 400, image.error().sentence));
    if (!image) return finish(id, image.error().sentence, {});
    if (id.empty() && !accept(order, id)) return;
    auto task = find(id);
    if (!task) return;
    task->status = "processing";
    replace(*task);
    (void)scene::look(
        eyes_, *image,
        [this, id, image = *image](const Result<scene::Scene, scene::Failure>& scene) {
            show(id, image, scene);
        });
}

void Tasks::show(const std::string& id, const scene::Image& image,
                 const Result<scene::Scene, scene::Failure>& scene) {
    if (!scene) return finish(id, scene.error().sentence, {});
    auto task = find(id);
    if (!task) return;
    task->scene = *scene;
    replace(*task);
    swarm_.show(task->at, image, *scene,
                [this, id, seen = *scene](const std::string& error) { finish(id, error, seen); });
}

/// From here on it will be carried out, whatever becomes of this process.
bool Tasks::accept(const Order& order, std::string& id) {
    const Task task = remember(order);
    id = task.id;
    const std::string problem = keep(task, order.file);
    if (problem.empty()) {
        order.answer({202, "application/json", fmt::format(R"({{"task_id":"{}"}})", id)});
        return true;
    }
    forget(id);
    order.answer(refusal(503, "the picture can't be kept: " + problem));
    return false;
}

/// What has been told stays true: the end is kept before anybody can ask for it.
void Tasks::finish(const std::string& id, const std::string& error, const scene::Scene& scene) {
    auto task = find(id);
    if (!task) return;
    task->scene = scene;
    task->status = error.empty() ? "completed" : "failed";
    task->error = error;
    const std::string problem = keep(*task, "");
    if (!problem.empty()) task->error += (task->error.empty() ? "" : "; ") + problem;
    replace(*task);
}

std::string Tasks::keep(const Task& task, const std::string& file) {
    if (shelf_ == nullptr) return "";
    const Json head{{"number", task.number},
                    {"status", task.status},
                    {"tileX", task.at.x},
                    {"tileY", task.at.y},
                    {"prompt", task.prompt},
                    {"what", static_cast<int>(task.scene.what)},
                    {"confidence_permille", task.scene.confidence_permille},
                    {"backend", task.scene.backend},
                    {"error", task.error}};
    const auto kept = shelf_->put(
        task.id, head.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" + file);
    return kept ? "" : kept.error();
}

/// What an earlier process left: its ends are known, what it had not finished is done now.
void Tasks::take_up() {
    if (shelf_ == nullptr) return;
    std::map<std::uint64_t, Order> open;
    for (auto& [id, bytes] : shelf_->all()) {
        const std::size_t line = bytes.find('\n');
        const Json head = Json::parse(bytes.substr(0, line), nullptr, false);
        Task task;
        try {
            task.id = id;
            task.number = head.at("number").get<std::uint64_t>();
            task.status = head.at("status").get<std::string>();
            task.at = {head.at("tileX").get<std::uint8_t>(), head.at("tileY").get<std::uint8_t>()};
            task.prompt = head.at("prompt").get<std::string>();
            const auto what = head.at("what").get<unsigned>();
            if (what >= learn::kTileClasses) continue;
            task.scene.what = static_cast<learn::TileClass>(what);
            task.scene.confidence_permille = head.at("confidence_permille").get<std::uint16_t>();
            task.scene.backend = head.at("backend").get<std::string>();
            task.error = head.at("error").get<std::string>();
        } catch (const Json::exception&) {
            continue;  // nobody of ours wrote it
        }
        if (task.status != "completed" && task.status != "failed") {
            task.status = "pending";
            open[task.number] = {id, task.at, task.prompt, bytes.substr(line + 1), {}};
        }
        numbered_ = std::max(numbered_, task.number);
        tasks_.push_back(std::move(task));
    }
    std::sort(tasks_.begin(), tasks_.end(),
              [](const Task& one, const Task& other) { return one.number < other.number; });
    for (; tasks_.size() > kTasksRememberedMax; tasks_.pop_front()) shelf_->drop(tasks_.front().id);
    for (auto& [number, order] : open) waiting_.push_back(std::move(order));
}

Tasks::Task Tasks::remember(const Order& order) {
    const std::lock_guard lock(mutex_);
    Task task;
    task.id = fresh_id();
    task.number = ++numbered_;
    task.at = order.at;
    task.prompt = order.prompt;
    tasks_.push_back(task);
    while (tasks_.size() > kTasksRememberedMax) {
        if (shelf_ != nullptr) shelf_->drop(tasks_.front().id);
        tasks_.pop_front();
    }
    return task;
}

void Tasks::forget(const std::string& id) {
    const std::lock_guard lock(mutex_);
    tasks_.erase(std::remove_if(tasks_.begin(), tasks_.end(),
                                [&id](const Task& task) { return task.id == id; }),
                 tasks_.end());
}

std::optional<Tasks::Task> Tasks::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const Task& task : tasks_) {
        if (task.id == id) return task;
    }
    return std::nullopt;
}

void Tasks::replace(const Task& with) {
    const std::lock_guard lock(mutex_);
    for (Task& task : tasks_) {
        if (task.id == with.id) task = with;
    }
}

Response Tasks::look(const std::string& id) const {
    const auto task = find(id);
    if (!task) return refusal(404, "no such task");
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
