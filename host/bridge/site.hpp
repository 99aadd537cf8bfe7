#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/node/event.hpp"
#include "core/node/node.hpp"
#include "core/profile/keyring.hpp"
#include "edge/scene/classifier.hpp"
#include "host/bridge/jobs.hpp"
#include "host/bridge/messages.hpp"
#include "host/bridge/profile.hpp"

/// One site's end of a bridge, beside an edge node: it sees to it that all sites' nodes come to
/// hold the same ledger, registry and facts, that a request which nobody near can answer is
/// answered elsewhere, once, and that a picture which nobody here is sure of is looked at there. A
/// state machine without clock, threads or broker: what happens goes in, envelopes and records come
/// out. What waits is kept as state, not as bytes: after a night without a link the newest is told,
/// once.
///
///     heads equal:  silence
///     heads differ: Summary --> Items, and a Summary in turn if that side lacks something -->
///     Items

namespace compot::bridge {

/// What the node beside the bridge holds, and how it is given more.
class Local {
public:
    virtual ~Local() = default;
    [[nodiscard]] virtual const node::Node& node() const = 0;
    virtual void learn(const node::Learned& learned) = 0;

    /// A JPEG of another site, for Site::looked(). Asked only where Terms::looks.
    virtual void look(JobId, const ByteString&) {}

    /// What was seen on a picture that Site::look() took; nothing: nobody could look at it.
    virtual void seen(JobId, const std::optional<scene::Scene>&) {}
};

struct Terms {
    node::Config config;
    LinkProfile link;
    std::uint32_t epoch = 1;    ///< starts so far, this one included
    std::uint64_t entropy = 0;  ///< unpredictable for outsiders
    bool helps = false;         ///< answers requests of other sites
    bool looks = false;         ///< looks at their pictures
};

/// An envelope for the broker.
struct Out {
    std::string topic;
    ByteString envelope;
    bool retained = false;
};

/// Key and value of what must outlive the process; an empty value forgets it.
struct Record {
    std::uint16_t key = 0;
    ByteString value;
};

class Site {
public:
    Site(const Terms& terms, Local& local);

    /// Before anything else: records that an earlier run left.
    void restore(const Record& record);

    /// Topics to hear, in MQTT's words; jobs and pictures only when this site helps or looks.
    [[nodiscard]] std::vector<std::string> subscriptions() const;

    void link(bool up, Time now);
    /// An envelope from the broker.
    void heard(BytesView envelope, Time now);
    /// The node beside us was told this and answered so: what it holds may have changed, and
    /// somebody of its mesh may have asked for help.
    void told(const node::Event& event, const node::Effects& effects, Time now);

    /// Somebody elsewhere is to look at this JPEG; Local::seen() tells what came of it, not from
    /// within this call. The same bytes again are the same job, until nobody could look at them.
    /// ERRORS: one sentence: no JPEG, more than the link takes, too many jobs.
    [[nodiscard]] Result<JobId, std::string> look(const ByteString& jpeg, Time now);
    /// What the bench has seen on a picture of another site; nothing: it could not be looked at.
    void looked(JobId id, const std::optional<scene::Scene>& scene, Time now);

    /// When wake() is due; kNever while nothing is planned.
    [[nodiscard]] Time wake_at() const;
    void wake(Time now);

    /// Records first: an envelope says what they must hold after any crash.
    [[nodiscard]] std::vector<Record> take_records();
    [[nodiscard]] std::vector<Out> take_output();
    /// Lines for people.
    [[nodiscard]] std::vector<std::string> take_news();

    struct Counters {
        std::map<Kind, std::uint64_t> sent;
        std::map<Kind, std::uint64_t> bytes;  ///< of these envelopes
        std::uint64_t bytes_sent = 0;         ///< envelopes alone
        std::uint64_t bytes_priced = 0;       ///< with topics and carrier
        std::uint64_t heard = 0;
        std::uint64_t stale = 0;          ///< repetitions
        std::uint64_t refused = 0;        ///< forged, malformed, of nobody enrolled
        std::uint64_t unpaid = 0;         ///< put off by the budget
        std::uint64_t learned = 0;        ///< items that were given to the node
        std::uint64_t executed = 0;       ///< requests of others that our node was given
        std::uint64_t pictures_sent = 0;  ///< pictures of ours that others were asked to look at
        std::uint64_t pictures_answered = 0;  ///< ... and did
        std::uint64_t pictures_looked = 0;    ///< pictures of others that our bench was given
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

    [[nodiscard]] Heads heads() const;

    [[nodiscard]] std::size_t jobs_open() const { return owner_.open(); }

private:
    struct Peer {
        std::optional<Heads> theirs;
        Time speak_at = kNever;
        Duration pause{};                     ///< before it is said again
        std::map<std::uint64_t, Time> given;  ///< items, by name, and when last
    };

    void changed(Time now);
    void asked(NodeId asker, const profile::AssistRequest& request, Time now);
    void take(const Opened& opened, Time now);
    void hear_heads(NodeId from, const Heads& heads, Time now);
    void hear_summary(NodeId from, const Summary& summary, Time now);
    void hear_items(const Items& items);
    void hear_award(NodeId from, const Award& award, Time now);
    void hear_result(NodeId from, const JobResult& result, Time now);
    void hear_offer(NodeId from, Work work, const Job& job, Time now);
    void hear_piece(NodeId from, const Piece& piece, Time now);
    void tell_seen();
    [[nodiscard]] const node::Member* publisher(NodeId id) const;
    void compare(NodeId from, Peer& peer, Time now);
    [[nodiscard]] std::vector<Item> lacking(const Summary& theirs) const;
    [[nodiscard]] bool lacks_any(const Summary& theirs) const;
    [[nodiscard]] Summary summary(bool last) const;
    void give(NodeId to, std::vector<Item> items, Time now);
    void tell_heads(Time now);
    void tell_peers(Time now);
    void do_jobs(Time now);
    template <typename Side>
    void say_words(Side& side, Time now);
    void ask_node(const Job& job);
    void answer_here(JobId id, const ByteString& facts);
    [[nodiscard]] bool is_answer(JobId id, BytesView facts) const;
    [[nodiscard]] std::optional<ByteString> answer_to(JobId id) const;
    [[nodiscard]] bool has_outcome(JobId id) const;
    [[nodiscard]] bool send(Kind kind, NodeId to, const ByteString& body, Time now);
    [[nodiscard]] std::string topic_of(Kind kind, NodeId to) const;

    Terms terms_;
    Local& local_;
    Random random_;
    Envelopes envelopes_;
    Budget budget_;
    Owner owner_;
    Helper helper_;
    std::map<NodeId, Peer> peers_;
    std::string root_;
    profile::Keyring keys_;
    bool up_ = false;
    bool restored_ = false;  ///< jobs of an earlier run are to be given again
    Time changed_at_ = kNever;
    std::vector<JobId> answered_;  ///< asked (again) here, and the answer is here
    std::set<JobId> looking_;      ///< pictures that somebody here waits for
    std::optional<Heads> told_;
    Time told_at_{};
    Time tell_at_ = kNever;
    Time short_until_{};  ///< of budget
    std::vector<Out> output_;
    std::map<NodeId, std::uint32_t> epochs_kept_;
    std::vector<Record> records_;
    std::vector<std::string> news_;
    Counters counters_;
};

}  // namespace compot::bridge
