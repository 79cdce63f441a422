// sleep channels: no wakeup is lost, and who was woken sees what was there before.
#include "model/kern/sleep.h"

#include "test/programs/kern/kern_program.h"

using namespace model::kern;

namespace {

sleep_channel channel;
std::atomic<int> ready{0};  // relaxed: what orders it is the channel
int data[2];

void sleep_until(int wanted) {
    bool yet = true;
    do {
        sleeper self;
        sleep_setup(channel, self, "ready");
        yet = ready.load(std::memory_order_relaxed) < wanted;
        sleep_finish(channel, self, yet);
    } while (yet);
}

void make_ready() {
    ready.fetch_add(1, std::memory_order_relaxed);
    wakeup(channel);
}

void not_lost() {
    together([] { sleep_until(1); }, make_ready);
}

void all_woken() {
    together([] { sleep_until(1); }, [] { sleep_until(1); }, make_ready);
}

void twice() {
    together([] { sleep_until(2); },
             [] {
                 make_ready();
                 make_ready();
             });
}

// Each of two wakes one of two, who sleep whatever the condition is.
void one_each() {
    static sleeper sleepers[2];
    for (sleeper& s : sleepers) {
        sleep_setup(channel, s, "one");
    }
    const auto wake = [] { wakeup_one(channel); };
    together(wake, wake, [] {
        for (sleeper& s : sleepers) {
            sleep_finish(channel, s, true);
        }
    });
}

// What the waker did before, and it has left the sleeper alone for good.
void published() {
    together([] {
        auto* self = new sleeper;
        sleep_setup(channel, *self, "data");
        std::thread waker([] {
            data[0] = 1;
            wakeup(channel);
        });
        sleep_finish(channel, *self, true);
        delete self;
        assert(data[0] == 1);
        waker.join();
    });
}

// Who finds the condition true leaves the channel, from any place of it.
void leaves() {
    together([] { sleep_until(1); },
             [] {
                 sleeper self;
                 sleep_setup(channel, self, "leaves");
                 sleep_finish(channel, self, false);
             },
             make_ready);
    assert(channel.head == nullptr && channel.tail == nullptr);
}

// Looks before it queues.
void wrong_order() {
    together(
        [] {
            if (ready.load() == 0) {
                sleeper self;
                sleep_setup(channel, self, "ready");
                sleep_finish(channel, self, true);
            }
        },
        make_ready);
}

constexpr named_case cases[] = {
    {"not_lost", not_lost},       {"all_woken", all_woken}, {"twice", twice},
    {"one_each", one_each},       {"published", published}, {"leaves", leaves},
    {"wrong_order", wrong_order},
};

}  // namespace

int main(int argc, char** argv) {
    return play(cases, argc, argv);
}
