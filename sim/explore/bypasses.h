// bypasses.h - writes that were performed after an await of their word had been passed, and could come before
//              it.
// Source:  ours. An await gives no value, so an execution in which it is passed late leads to the same state as
//          the one in which it is passed as soon as it holds, all else in the same order. Whoever waits
//          has then learnt from an earlier write of the word; if one context alone writes it, that is
//          part of what it would have learnt from a later one, and so every race of the late execution
//          is a race of the early one. Hence a write of somebody who is alone in writing the word
//          need not be tried before an await that held before it: what comes of it is dominated. One
//          thing is not: the write makes the await not hold, and it is never passed at all. For that the
//          writer must stop before it writes the word again; between the two writes it must wait, or
//          end. If an execution shows that, the order of write and await is to be tried after all.
//          For races the write is taken not to happen after the await, so that what follows the write can
//          still come before what the await follows. As to what is covered by what is explored elsewhere
//          (sleep, wakeup trees, one order for equal executions) the two depend on each other as ever:
//          no execution is run twice. A sequence that reverses a race may have such writes whose awaits
//          are not in it; it is inserted with all of them and with those that it needs, since somebody
//          who sleeps may cover the longer one alone. Executions in which an await is passed late are
//          still run where a reversal leads there, but do not count: which of them are run depends on
//          the order of the search, what is left does not.
// Shapes:  depths as in event_log.h. `settled`: the later event by which nothing is left to be tried.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_log.h"

namespace sim {

struct bypass {
    uint32_t await;
    uint32_t write;
    uint32_t settled;
    static constexpr uint32_t open = ~0U;
};

// What comes after an event, counting that a write comes after the awaits that it was performed after. To be
// asked about all events behind it, in their order.
class later_events {
  public:
    explicit later_events(const event_log& log) : log_(log) {}
    void begin() {
        awaits_.clear();
        writes_.clear();
    }
    // The event happens after the first one anyway (`follows`), or comes after it in this sense.
    bool add(uint32_t depth, bool follows);

  private:
    const event_log& log_;
    std::vector<uint32_t> awaits_;  // that come after it
    std::vector<uint32_t> writes_;  // that come after it by one of these alone
};

class bypasses {
  public:
    explicit bypasses(const event_log& log) : log_(log) {}
    // The log may have been cut since the last time.
    void cut();
    // Of the writes of this word so far all are by this context; those of its creator before it was made
    // do not count. The context itself may be the one that writes next.
    [[nodiscard]] bool alone(const operation& word, uint8_t context) const;
    // Of an await: the context that is alone in having written the word, and may be passed by. 0xff: none.
    [[nodiscard]] uint8_t only_writer(const logged_event& await) const;
    // The event that is analysed is a write, and that await held before it.
    void add(uint32_t await, const logged_event& write);
    // What the event that is analysed settles; those that are to be tried.
    const std::vector<bypass>& due(const logged_event& e);
    // The execution is over.
    const std::vector<bypass>& due_at_end();

  private:
    const event_log& log_;
    std::vector<bypass> list_;  // by write
    std::vector<bypass> due_;
};

}  // namespace sim
