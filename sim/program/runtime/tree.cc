// tree.cc - walking, inserting into and erasing from the red-black trees of std::map and std::set.
// Source:  the node of <bits/stl_tree.h>; the algorithms of Cormen, Leiserson, Rivest, Stein,
//          chapter 13.
// Shapes:  the header's parent is the root, its left the first node, its right the last; the header
//          is red and the root black; an absent child is a null pointer and counts as black.
#include <bits/stl_tree.h>

namespace std {
namespace {

using node = _Rb_tree_node_base;

bool is_black(const node* x) {
    return x == nullptr || x->_M_color == _S_black;
}

node* first_below(node* x) {
    while (x->_M_left != nullptr) {
        x = x->_M_left;
    }
    return x;
}

node* last_below(node* x) {
    while (x->_M_right != nullptr) {
        x = x->_M_right;
    }
    return x;
}

// Hangs `replacement` (may be null) where `x` hangs now.
void replace_in_parent(node* x, node* replacement, node& header) {
    if (header._M_parent == x) {
        header._M_parent = replacement;
    } else if (x->_M_parent->_M_left == x) {
        x->_M_parent->_M_left = replacement;
    } else {
        x->_M_parent->_M_right = replacement;
    }
    if (replacement != nullptr) {
        replacement->_M_parent = x->_M_parent;
    }
}

// Rotations and fix-ups are written once; `side` picks the child, so that the mirror image is a
// matter of the argument.
using child = node* node::*;
constexpr child left = &node::_M_left;
constexpr child right = &node::_M_right;
child other(child side) {
    return side == left ? right : left;
}

// Turns x down towards `side`; its child on the other side takes its place.
void rotate(node* x, child side, node& header) {
    node* const up = x->*other(side);
    x->*other(side) = up->*side;
    if (up->*side != nullptr) {
        (up->*side)->_M_parent = x;
    }
    replace_in_parent(x, up, header);
    up->*side = x;
    x->_M_parent = up;
}

void rebalance_after_insert(node* x, node& header) {
    while (x != header._M_parent && !is_black(x->_M_parent)) {
        node* parent = x->_M_parent;
        node* const grandparent = parent->_M_parent;
        const child side = grandparent->_M_left == parent ? left : right;
        node* const uncle = grandparent->*other(side);
        if (!is_black(uncle)) {
            parent->_M_color = _S_black;
            uncle->_M_color = _S_black;
            grandparent->_M_color = _S_red;
            x = grandparent;
            continue;
        }
        if (x == parent->*other(side)) {
            rotate(parent, side, header);
            x = parent;
            parent = x->_M_parent;
        }
        parent->_M_color = _S_black;
        grandparent->_M_color = _S_red;
        rotate(grandparent, other(side), header);
    }
    header._M_parent->_M_color = _S_black;
}

// One black node is missing on every path through x, which may be null and hangs below `parent`.
void rebalance_after_erase(node* x, node* parent, node& header) {
    while (x != header._M_parent && is_black(x)) {
        const child side = parent->_M_left == x ? left : right;
        node* sibling = parent->*other(side);
        if (!is_black(sibling)) {
            sibling->_M_color = _S_black;
            parent->_M_color = _S_red;
            rotate(parent, side, header);
            sibling = parent->*other(side);
        }
        if (is_black(sibling->_M_left) && is_black(sibling->_M_right)) {
            sibling->_M_color = _S_red;
            x = parent;
            parent = x->_M_parent;
            continue;
        }
        if (is_black(sibling->*other(side))) {
            (sibling->*side)->_M_color = _S_black;
            sibling->_M_color = _S_red;
            rotate(sibling, other(side), header);
            sibling = parent->*other(side);
        }
        sibling->_M_color = parent->_M_color;
        parent->_M_color = _S_black;
        (sibling->*other(side))->_M_color = _S_black;
        rotate(parent, side, header);
        x = header._M_parent;
    }
    if (x != nullptr) {
        x->_M_color = _S_black;
    }
}

// Puts z's successor y, which has no left child, into z's place. Returns where y's old child hangs.
node* take_place_of(node* z, node* y, node& header) {
    node* parent = y;
    if (y != z->_M_right) {
        parent = y->_M_parent;
        replace_in_parent(y, y->_M_right, header);
        y->_M_right = z->_M_right;
        y->_M_right->_M_parent = y;
    }
    replace_in_parent(z, y, header);
    y->_M_left = z->_M_left;
    y->_M_left->_M_parent = y;
    std::swap(y->_M_color, z->_M_color);
    return parent;
}

// z has at most one child. Keeps first and last right.
void unlink_leaf_or_branch(node* z, node* only_child, node& header) {
    if (header._M_left == z) {
        header._M_left = only_child == nullptr ? z->_M_parent : first_below(only_child);
    }
    if (header._M_right == z) {
        header._M_right = only_child == nullptr ? z->_M_parent : last_below(only_child);
    }
    replace_in_parent(z, only_child, header);
}

node* increment(node* x) {
    if (x->_M_right != nullptr) {
        return first_below(x->_M_right);
    }
    node* up = x->_M_parent;
    while (x == up->_M_right) {
        x = up;
        up = up->_M_parent;
    }
    // From the last node the climb passes the root and the header; where the root has no right
    // child the header's right is the root itself, and the climb went one too far.
    return x->_M_right == up ? x : up;
}

node* decrement(node* x) {
    if (x->_M_color == _S_red && x->_M_parent->_M_parent == x) {
        return x->_M_right;  // the header: end() goes back to the last node
    }
    if (x->_M_left != nullptr) {
        return last_below(x->_M_left);
    }
    node* up = x->_M_parent;
    while (x == up->_M_left) {
        x = up;
        up = up->_M_parent;
    }
    return up;
}

}  // namespace

_Rb_tree_node_base* _Rb_tree_increment(_Rb_tree_node_base* x) noexcept {
    return increment(x);
}

const _Rb_tree_node_base* _Rb_tree_increment(const _Rb_tree_node_base* x) noexcept {
    return increment(const_cast<node*>(x));
}

_Rb_tree_node_base* _Rb_tree_decrement(_Rb_tree_node_base* x) noexcept {
    return decrement(x);
}

const _Rb_tree_node_base* _Rb_tree_decrement(const _Rb_tree_node_base* x) noexcept {
    return decrement(const_cast<node*>(x));
}

void _Rb_tree_insert_and_rebalance(const bool insert_left, _Rb_tree_node_base* x,
                                   _Rb_tree_node_base* parent,
                                   _Rb_tree_node_base& header) noexcept {
    x->_M_parent = parent;
    x->_M_left = nullptr;
    x->_M_right = nullptr;
    x->_M_color = _S_red;
    if (parent == &header) {
        header._M_parent = x;
        header._M_left = x;
        header._M_right = x;
    } else if (insert_left) {
        parent->_M_left = x;
        if (parent == header._M_left) {
            header._M_left = x;
        }
    } else {
        parent->_M_right = x;
        if (parent == header._M_right) {
            header._M_right = x;
        }
    }
    rebalance_after_insert(x, header);
}

// Returns the node that the caller destroys, which is z.
_Rb_tree_node_base* _Rb_tree_rebalance_for_erase(_Rb_tree_node_base* const z,
                                                 _Rb_tree_node_base& header) noexcept {
    node* hole = nullptr;  // hangs where a node was taken out
    node* parent = nullptr;
    if (z->_M_left != nullptr && z->_M_right != nullptr) {
        node* const successor = first_below(z->_M_right);
        hole = successor->_M_right;
        parent = take_place_of(z, successor, header);
    } else {
        hole = z->_M_left != nullptr ? z->_M_left : z->_M_right;
        parent = z->_M_parent;
        unlink_leaf_or_branch(z, hole, header);
    }
    if (z->_M_color == _S_black) {
        rebalance_after_erase(hole, parent, header);
    }
    return z;
}

}  // namespace std
