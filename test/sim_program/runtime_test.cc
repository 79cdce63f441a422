// The runtime's containers against plain oracles, natively: this program's std::list and std::map
//          use
// our node functions. What hooks see of them is the machine's test.
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace {

using tree = std::_Rb_tree<int, int, std::_Identity<int>, std::less<int>>;

TEST(runtime, tree_against_a_sorted_vector) {
    std::mt19937 random(1);
    for (int round = 0; round < 20; ++round) {
        tree t;
        std::set<int> unused;
        std::vector<int> oracle;
        const int range = 1 << (2 + round % 8);
        for (int i = 0; i < 400; ++i) {
            const int value = static_cast<int>(random() % static_cast<unsigned>(range));
            const auto at = std::lower_bound(oracle.begin(), oracle.end(), value);
            const bool present = at != oracle.end() && *at == value;
            if (random() % 2 == 0) {
                EXPECT_EQ(t._M_insert_unique(value).second, !present);
                if (!present) {
                    oracle.insert(at, value);
                }
            } else {
                EXPECT_EQ(t.erase(value), present ? 1u : 0u);
                if (present) {
                    oracle.erase(at);
                }
            }
            ASSERT_TRUE(t.__rb_verify());
            ASSERT_TRUE(std::equal(t.begin(), t.end(), oracle.begin(), oracle.end()));
            ASSERT_TRUE(std::equal(t.rbegin(), t.rend(), oracle.rbegin(), oracle.rend()));
        }
    }
}

TEST(runtime, tree_walks_over_one_node_and_back_from_the_end) {
    std::map<int, int> one = {{1, 10}};
    EXPECT_EQ(++one.begin(), one.end());
    EXPECT_EQ(--one.end(), one.begin());
    one.erase(one.begin());
    EXPECT_EQ(one.begin(), one.end());
    std::map<int, int> descending;
    for (int i = 5; i > 0; --i) {
        descending.emplace_hint(descending.begin(), i, i);
    }
    EXPECT_EQ(descending.rbegin()->first, 5);
}

TEST(runtime, list_against_a_vector) {
    std::mt19937 random(2);
    std::list<int> list;
    std::vector<int> oracle;
    for (int i = 0; i < 2000; ++i) {
        const size_t at = oracle.empty() ? 0 : random() % oracle.size();
        const auto position = static_cast<std::ptrdiff_t>(at);
        switch (random() % 5) {
            case 0:
            case 1:
                list.insert(std::next(list.begin(), position), i);
                oracle.insert(oracle.begin() + position, i);
                break;
            case 2:
                if (!oracle.empty()) {
                    list.erase(std::next(list.begin(), position));
                    oracle.erase(oracle.begin() + position);
                }
                break;
            case 3:
                list.reverse();
                std::reverse(oracle.begin(), oracle.end());
                break;
            default:
                if (at == 0) {
                    break;  // the place must not be within the range
                }
                list.splice(list.begin(), list, std::next(list.begin(), position), list.end());
                std::rotate(oracle.begin(), oracle.begin() + position, oracle.end());
                break;
        }
        ASSERT_TRUE(std::equal(list.begin(), list.end(), oracle.begin(), oracle.end()));
        ASSERT_TRUE(std::equal(list.rbegin(), list.rend(), oracle.rbegin(), oracle.rend()));
    }
    list.sort();
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
}

TEST(runtime, list_swap_with_and_without_elements) {
    const std::vector<std::pair<std::list<int>, std::list<int>>> cases = {
        {{}, {}}, {{1, 2}, {}}, {{}, {3}}, {{1}, {2, 3, 4}}};
    for (const auto& [first, second] : cases) {
        std::list<int> a = first;
        std::list<int> b = second;
        a.swap(b);
        EXPECT_EQ(a, second);
        EXPECT_EQ(b, first);
        a.push_back(9);
        b.push_front(8);
        EXPECT_EQ(a.back(), 9);
        EXPECT_EQ(b.front(), 8);
    }
}

TEST(runtime, threads_and_condition_variables) {
    std::mutex lock;
    std::condition_variable changed;
    bool ready = false;
    std::thread waiter([&] {
        std::unique_lock<std::mutex> guard(lock);
        changed.wait(guard, [&] { return ready; });
    });
    {
        const std::lock_guard<std::mutex> guard(lock);
        ready = true;
        changed.notify_one();
    }
    EXPECT_TRUE(waiter.joinable());
    waiter.join();
    EXPECT_FALSE(waiter.joinable());
    EXPECT_THROW(waiter.join(), std::system_error);
    EXPECT_THROW(waiter.detach(), std::system_error);
}

TEST(runtime, once_and_shared_pointers_and_thread_exit) {
    std::once_flag flag;
    int runs = 0;
    std::call_once(flag, [&] { ++runs; });
    std::call_once(flag, [&] { ++runs; });
    EXPECT_EQ(runs, 1);

    std::shared_ptr<int> a = std::make_shared<int>(1);
    std::shared_ptr<int> b = a;
    EXPECT_TRUE(std::atomic_compare_exchange_strong(&a, &b, std::make_shared<int>(2)));
    EXPECT_EQ(*std::atomic_load(&a), 2);

    std::promise<int> promise;
    std::future<int> value = promise.get_future();
    std::thread thread([&promise] { promise.set_value_at_thread_exit(3); });
    EXPECT_EQ(value.get(), 3);
    thread.join();
}

}  // namespace
