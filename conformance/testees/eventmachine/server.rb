# Echo testee on EventMachine's ObjectProtocol, with a serializer that leaves the bytes as they are.
require "eventmachine"
require "optparse"

options = { dialect: "uint32be" }
OptionParser.new do |parser|
  parser.on("--dialect NAME")
  parser.on("--max-payload BYTES", "has no effect: the codec has no limit")
end.parse!(into: options)
exit 89 unless options[:dialect] == "uint32be"

module Opaque
  def self.dump(bytes) = bytes
  def self.load(bytes) = bytes
end

module Echo
  include EM::P::ObjectProtocol

  def serializer = Opaque

  def receive_object(payload)
    send_object(payload)
  end
end

EM.epoll
EM.run do
  trap("TERM") { EM.stop }
  EM.start_server("127.0.0.1", Integer(ARGV.fetch(0)), Echo)
end
