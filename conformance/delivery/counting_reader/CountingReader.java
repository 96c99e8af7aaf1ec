import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * java -cp 'build/testees/netty/lib/*' CountingReader.java WHERE CONNECTIONS: the sister of counting_reader.cc on Netty, with the
 * same output. IPv4.
 *
 * <p>Every channelRead() is one receive call of the event loop.
 */
public final class CountingReader {
  private static final TreeMap<Integer, Long> READS = new TreeMap<>();

  private static final class Counter extends ChannelInboundHandlerAdapter {
    private final CountDownLatch begun;
    private final CountDownLatch ended;

    Counter(CountDownLatch begun, CountDownLatch ended) {
      this.begun = begun;
      this.ended = ended;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      begun.countDown();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf piece = (ByteBuf) message;
      synchronized (READS) {
        READS.merge(piece.readableBytes(), 1L, Long::sum);
      }
      piece.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended.countDown();
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    int connections = Integer.parseInt(arguments[1]);
    CountDownLatch begun = new CountDownLatch(connections);
    CountDownLatch ended = new CountDownLatch(connections);
    var loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    var listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Counter(begun, ended));
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    System.out.println(((InetSocketAddress) listening.localAddress()).getPort());
    begun.await();
    System.out.println("accepted");
    ended.await();
    long bytes = 0;
    for (var read : READS.entrySet()) {
      System.out.println("read " + read.getKey() + " " + read.getValue());
      bytes += read.getKey() * read.getValue();
    }
    System.out.println("bytes " + bytes);
    System.out.println("end fin");
    loops.shutdownGracefully();
  }
}
