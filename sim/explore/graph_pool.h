// graph_pool.h - the beginnings of graphs that several units of work share out.
// Source:  ours. Each graph comes from one other, and a beginning is all that must be known of it: so nobody who
//          explores needs to know what others do, and whoever runs a beginning finds the same.
// Shapes:  a unit is some of the beginnings; what it leaves comes back. One is out between take and commit or put_back.
// Locks:   none: one owner.
// Errors:  read: false for bytes that no pool can have.
#pragma once

#include <cstdint>
#include <map>

#include "sim/explore/work_unit.h"

namespace sim {

class graph_pool {
  public:
    // With everything still to be done.
    graph_pool() { left_.leave_root(); }

    // Hands out a unit. False: there is none now; if none is out, everything is done.
    bool take(work_unit& u);
    // How many could be handed out now, at most `enough`.
    [[nodiscard]] size_t ready(size_t enough) const;
    [[nodiscard]] bool done() const { return left_.empty() && out_.empty(); }
    void commit(unit_rest rest);
    // As if it had never been taken.
    void put_back(uint64_t id);

    // With no unit out.
    void write(byte_writer& to) const;
    [[nodiscard]] bool read(byte_reader& from);

  private:
    graph_beginnings left_;
    std::map<uint64_t, graph_beginnings> out_;
    uint64_t next_id_ = 1;
};

}  // namespace sim
