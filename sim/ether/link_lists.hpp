#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// For each station those that it reaches, and how strongly, by number. All lists lie in one array,
/// one behind another (compressed sparse rows): a flight reads one stretch of memory. A list that
/// outgrows its stretch goes to the array's end, and the array is packed anew when too much of it
/// is given up. What a level means is not known here.

namespace compot::ether {

struct Link {
    std::uint32_t to = 0;
    std::int32_t level_cdbm = 0;
};

class LinkLists {
public:
    /// COST: now and then that of all links, so that building leaves no more given up than is used.
    void add_station();

    [[nodiscard]] std::span<const Link> of(std::uint32_t from) const {
        const Row& row = rows_[from];
        return {links_.data() + row.first, row.size};
    }

    /// of() is about to be read: memory is asked for it.
    void look_ahead(std::uint32_t from) const {
        constexpr std::size_t kLine = 64 / sizeof(Link);
        const std::span<const Link> list = of(from);
        for (std::size_t i = 0; i < list.size(); i += kLine) __builtin_prefetch(&list[i]);
    }

    void set(std::uint32_t from, Link link);
    /// Nothing when there is none.
    void remove(std::uint32_t from, std::uint32_t to);

    /// After many changes: packs what is worth it. COST: the first time after a station came, and
    /// when a quarter of the array is given up, that of all links; else nothing.
    void settle() {
        if (!packed_ || given_up_ > links_.size() / 4) pack();
    }

    /// How many there are, and the memory that they hold.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Row {
        std::uint32_t first = 0;
        std::uint32_t size = 0;
        std::uint32_t room = 0;
    };

    [[nodiscard]] std::uint32_t place_in(const Row& row, std::uint32_t to) const;
    void make_room(Row& row);
    void pack();

    std::vector<Link> links_;
    std::vector<Row> rows_;
    std::size_t given_up_ = 0;  ///< places in `links_` that no list has any more
    bool packed_ = true;
};

}  // namespace compot::ether
