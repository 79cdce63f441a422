// list.cc - the node operations of std::list, with hooks.
// Source:  the circular doubly linked list that <bits/stl_list.h> declares: an empty list's header
//          points at itself both ways.
// Shapes:  ranges are [first, last); `this` of _M_hook and _M_transfer is what goes in, or its
//          owner.
#include <list>

namespace std {
namespace __detail {

void _List_node_base::_M_hook(_List_node_base* const position) noexcept {
    _M_next = position;
    _M_prev = position->_M_prev;
    position->_M_prev->_M_next = this;
    position->_M_prev = this;
}

void _List_node_base::_M_unhook() noexcept {
    _M_prev->_M_next = _M_next;
    _M_next->_M_prev = _M_prev;
}

// Takes [first, last) out of its list and puts it before *this.
void _List_node_base::_M_transfer(_List_node_base* const first,
                                  _List_node_base* const last) noexcept {
    if (this == last || first == last) {
        return;
    }
    _List_node_base* const tail = last->_M_prev;
    first->_M_prev->_M_next = last;
    last->_M_prev = first->_M_prev;

    first->_M_prev = _M_prev;
    tail->_M_next = this;
    _M_prev->_M_next = first;
    _M_prev = tail;
}

void _List_node_base::_M_reverse() noexcept {
    _List_node_base* node = this;
    do {
        _List_node_base* const next = node->_M_next;
        node->_M_next = node->_M_prev;
        node->_M_prev = next;
        node = next;
    } while (node != this);
}

// Headers: whatever hung on one hangs on the other afterwards; an empty one becomes empty.
void _List_node_base::swap(_List_node_base& x, _List_node_base& y) noexcept {
    const _List_node_base old_x = x;
    const _List_node_base old_y = y;
    const auto adopt = [](_List_node_base& header, const _List_node_base& content,
                          const _List_node_base* old_home) {
        if (content._M_next == old_home) {
            header._M_next = &header;
            header._M_prev = &header;
            return;
        }
        header._M_next = content._M_next;
        header._M_prev = content._M_prev;
        header._M_next->_M_prev = &header;
        header._M_prev->_M_next = &header;
    };
    adopt(x, old_y, &y);
    adopt(y, old_x, &x);
}

}  // namespace __detail
}  // namespace std
