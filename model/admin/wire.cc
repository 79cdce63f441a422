// wire: what is plugged into an interface may ask it to send no more for a while, by pause frames (802.3x), and may be
// pulled out.
#include "model/admin/complaint.h"
#include "model/admin/tools.h"
#include "model/net/if_em.h"

namespace model::admin {

int wire(net::stack& st, arguments args, std::string& out) {
    const std::string_view verb = args.size() == 2 ? args[1] : "";
    const bool links = verb == "down" || verb == "up";
    if (!links && verb != "pause" && verb != "resume") {
        out += "usage: wire interface pause | resume | down | up\n";
        return 1;
    }
    const std::string name(args[0]);
    const int error = links ? net::em_link(st, name.c_str(), verb == "up")
                            : net::em_pause(st, name.c_str(), verb == "pause");
    if (error != 0) {
        return err(out, "wire", std::string(args[0]), error);
    }
    return 0;
}

}  // namespace model::admin
