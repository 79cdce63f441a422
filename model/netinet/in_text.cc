#include "model/netinet/in_text.h"

namespace model::netinet {

std::string address_text(uint32_t address) {
    return std::to_string(address >> 24) + '.' + std::to_string(address >> 16 & 255) + '.' +
           std::to_string(address >> 8 & 255) + '.' + std::to_string(address & 255);
}

std::string lladdr_text(net::ether_addr address) {
    char text[18];
    net::ether_addr_print(address, text);
    return text;
}

}  // namespace model::netinet
