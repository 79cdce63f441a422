// wire: what is plugged into an interface may ask it to send no more for a while, by pause frames (802.3x).
#include "model/admin/complaint.h"
#include "model/admin/tools.h"
#include "model/net/if_em.h"

namespace model::admin {

int wire(net::stack& st, arguments args, std::string& out) {
    const bool pause = args.size() == 2 && args[1] == "pause";
    if (!pause && (args.size() != 2 || args[1] != "resume")) {
        out += "usage: wire interface pause | resume\n";
        return 1;
    }
    if (const int error = net::em_pause(st, std::string(args[0]).c_str(), pause); error != 0) {
        return err(out, "wire", std::string(args[0]), error);
    }
    return 0;
}

}  // namespace model::admin
