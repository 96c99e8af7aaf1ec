# Echo testee on AnyEvent::Handle's packstring.
use strict;
use warnings;
use AnyEvent;
use AnyEvent::Handle;
use AnyEvent::Socket;
use Getopt::Long;

my %formats = ("uint32be" => "N", "uint16be" => "n", "erlang-packet-1" => "C");
GetOptions("dialect=s" => \(my $dialect = "uint32be"), "max-payload=i" => \(my $payload_size_max = 16 << 20))
  or exit 2;
my $format = $formats{$dialect} or exit 89;

my %handles;
tcp_server "127.0.0.1", $ARGV[0], sub {
    my ($socket) = @_;
    my $end = sub { $_[0]->destroy; delete $handles{ $_[0] } };    # what was written still leaves
    my $handle = AnyEvent::Handle->new(
        fh       => $socket,
        no_delay => 1,
        rbuf_max => $payload_size_max,
        on_eof   => $end,
        on_error => $end,
    );
    $handles{$handle} = $handle;
    my $next;
    $next = sub {    # the next frame is read when the answer has left
        my ($handle) = @_;
        $handle->on_drain(undef);
        $handle->push_read(
            packstring => $format,
            sub { $_[0]->push_write(packstring => $format, $_[1]); $_[0]->on_drain($next) }
        );
    };
    $next->($handle);
}, sub { 1024 };
AnyEvent->condvar->recv;
