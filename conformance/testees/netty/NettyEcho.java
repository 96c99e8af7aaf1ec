// Echo on Netty's LengthFieldBasedFrameDecoder and LengthFieldPrepender, or on its Protobuf varint32 codec.
// Usage: server --dialect NAME --max-payload BYTES PORT
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.*;
import io.netty.handler.codec.protobuf.*;
import java.nio.ByteOrder;
import java.util.Map;

public class NettyEcho extends ChannelInitializer<Channel> {
  static final Map<String, Integer> WIDTHS = Map.of("int32", 4, "int64", 8, "int32be", 4, "int64be", 8, "uint16be", 2, "varint32", 5);
  static String dialect; static int width; static int maxPayload;

  public static void main(String[] args) throws Exception {
    dialect = args[1]; maxPayload = Integer.parseInt(args[3]); width = WIDTHS.getOrDefault(dialect, 0);
    if (width == 0) System.exit(89);
    new ServerBootstrap().group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory())).channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)  // what is answered leaves before the connection is closed
        .option(ChannelOption.SO_BACKLOG, 1024).childHandler(new NettyEcho()).bind("127.0.0.1", Integer.parseInt(args[4])).sync();
  }

  @Override protected void initChannel(Channel channel) {
    ByteOrder order = dialect.endsWith("be") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    if (dialect.equals("varint32")) channel.pipeline().addLast(new ProtobufVarint32FrameDecoder(maxPayload), new ProtobufVarint32LengthFieldPrepender());
    else channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(order, maxPayload + width, 0, width, 0, width, true), new LengthFieldPrepender(order, width, 0, false));
    channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
      ChannelFuture last = channel.newSucceededFuture();
      @Override public void channelRead(ChannelHandlerContext context, Object frame) { last = context.writeAndFlush(frame); }
      @Override public void channelWritabilityChanged(ChannelHandlerContext context) { context.channel().config().setAutoRead(context.channel().isWritable()); }
      @Override public void userEventTriggered(ChannelHandlerContext context, Object event) { if (event instanceof ChannelInputShutdownEvent) last.addListener(ChannelFutureListener.CLOSE); }
      @Override public void exceptionCaught(ChannelHandlerContext context, Throwable cause) { last.addListener(ChannelFutureListener.CLOSE); }
    });
  }
}
