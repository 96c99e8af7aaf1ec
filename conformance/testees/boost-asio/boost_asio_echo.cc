// Echo on Boost.Asio: async_read with transfer_exactly into a dynamic buffer, one coroutine for
// each connection. Usage: server --dialect NAME --max-payload BYTES PORT
#include <boost/asio.hpp>
#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace asio = boost::asio;
using asio::ip::tcp;

template <class Length, boost::endian::order kOrder>
asio::awaitable<void> echo(tcp::socket connection, std::uint64_t payload_size_max) {
  for (std::string frame;; frame.clear()) {
    auto bytes = asio::dynamic_buffer(frame);
    co_await asio::async_read(connection, bytes, asio::transfer_exactly(sizeof(Length)),
                              asio::use_awaitable);
    const auto* length = reinterpret_cast<const unsigned char*>(frame.data());
    const auto size = boost::endian::endian_load<Length, sizeof(Length), kOrder>(length);
    if (size > payload_size_max) co_return;
    co_await asio::async_read(connection, bytes, asio::transfer_exactly(size), asio::use_awaitable);
    co_await asio::async_write(connection, asio::buffer(frame), asio::use_awaitable);
  }
}

template <class Length, boost::endian::order kOrder>
void serve(const char* port, std::uint64_t payload_size_max) {
  asio::io_context context;
  tcp::acceptor acceptor(
      context, {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::atoi(port))});
  auto accept = [&]() -> asio::awaitable<void> {
    while (true) {
      tcp::socket connection = co_await acceptor.async_accept(asio::use_awaitable);
      asio::co_spawn(context, echo<Length, kOrder>(std::move(connection), payload_size_max),
                     asio::detached);
    }
  };
  asio::co_spawn(context, accept(),
                 [](std::exception_ptr stopped) { std::rethrow_exception(stopped); });
  context.run();
}

int main(int /*argc*/, char** argv) {
  using boost::endian::order;
  const std::string dialect = argv[2];
  const std::uint64_t payload_size_max = std::strtoull(argv[4], nullptr, 10);
  if (dialect == "int32be") serve<std::uint32_t, order::big>(argv[5], payload_size_max);
  if (dialect == "int32") serve<std::uint32_t, order::little>(argv[5], payload_size_max);
  if (dialect == "int64be") serve<std::uint64_t, order::big>(argv[5], payload_size_max);
  if (dialect == "uint16be") serve<std::uint16_t, order::big>(argv[5], payload_size_max);
  return 89;
}
