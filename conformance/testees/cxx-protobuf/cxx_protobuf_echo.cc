// Echo on libprotobuf's CodedInputStream and CodedOutputStream, as util/delimited_message_util.cc
// uses them; a thread for each connection. Usage: server --dialect protobuf-delimited --max-payload
// BYTES PORT
#include <arpa/inet.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

using namespace google::protobuf::io;

void echo(int connection, std::uint32_t payload_size_max) {
  FileInputStream input(connection);
  FileOutputStream output(connection);
  for (bool is_open = true; is_open;) {
    // A coded stream for each message, as ParseDelimitedFromZeroCopyStream has it: what it did not
    // take it gives back.
    std::uint32_t size = 0;
    std::string payload;
    CodedInputStream in(&input);
    is_open = in.ReadVarint32(&size) && size <= payload_size_max &&
              in.ReadString(&payload, static_cast<int>(size));
    if (!is_open) break;
    {
      CodedOutputStream out(&output);
      out.WriteVarint32(size);
      out.WriteString(payload);
    }
    is_open = output.Flush();
  }
  close(connection);
}

int main(int /*argc*/, char** argv) {
  if (argv[2] != std::string("protobuf-delimited")) return 89;
  std::signal(SIGPIPE, SIG_IGN);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[5])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 1024) != 0)
    return 3;
  while (true) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection >= 0)
      std::thread(echo, connection, static_cast<std::uint32_t>(std::atoi(argv[4]))).detach();
  }
}
