// Where the counting reader listens.
#pragma once

#include <string>

namespace framespec::counting_reader {

/// Listens on `where`: "ipv4", "ipv6", "dual" (an IPv6 socket that takes IPv4 too), each on
/// loopback and a free port, "mptcp" (IPv4), or "unix:PATH". Prints the port (or the path) as one
/// line on stdout. Returns the listening socket; ends the program with status 3 when it cannot.
int listen_on(const std::string& where);

/// Ends the program with status 3 and says which call failed.
[[noreturn]] void die(const char* what);

}  // namespace framespec::counting_reader
