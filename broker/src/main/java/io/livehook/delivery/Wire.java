package io.livehook.delivery;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection on both sides of the codec: knows whether a request is the connection's
 * first and whether any byte of its answer has come, and keeps what Vert.x would believe away from
 * it: interim answers, a switch of protocol, impossible statuses, and a second answer behind the
 * first (RCV-6, RCV-8, RCV-9). Runs on the connection's event loop.
 */
final class Wire extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Wire> KEY = AttributeKey.valueOf(Wire.class, "wire");
  private static final int MOST_INTERIM = 20;

  private final Channel channel;
  private int requests;
  private boolean answered;
  private boolean busy;

  // Where it stands among the connections of its loop.
  @Nullable Wire older;
  @Nullable Wire younger;

  private Wire(Channel channel) {
    this.channel = channel;
  }

  /** Takes its places in a new connection's pipeline. */
  static Wire watch(HttpConnection connection) {
    Channel channel = channel(connection);
    Wire wire = new Wire(channel);
    channel.attr(KEY).set(wire);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore("codec", "wire", wire);
    pipeline.addAfter("codec", "answers", wire.new Answers());
    connection.exceptionHandler(told -> {}); // each attempt is told; Vert.x would log it as well
    return wire;
  }

  /**
   * Whether the connection had carried a request before this one and was lost before any byte of an
   * answer: its receiver had closed it while ours was on its way (the keep-alive race).
   */
  static boolean raced(HttpConnection connection) {
    Wire wire = channel(connection).attr(KEY).get();
    return wire != null && wire.requests > 1 && !wire.answered;
  }

  /** Carries no attempt, and has carried one: a new one has been opened for somebody. */
  boolean idle() {
    return requests > 0 && !busy;
  }

  void close() {
    channel.close();
  }

  /** Closes at once, with a reset: what has not been sent yet never is. */
  static void reset(HttpConnection connection) {
    Channel channel = channel(connection);
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (channel.isActive() && first != null) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      first.close(channel.newPromise());
    }
  }

  static Channel channel(HttpConnection connection) {
    return ((HttpClientConnectionInternal) connection).channelHandlerContext().channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    answered = true;
    context.fireChannelRead(bytes);
  }

  /** The side towards Vert.x. */
  private final class Answers extends ChannelDuplexHandler {
    private int interim;
    private boolean skipping;
    private boolean refused;
    private @Nullable Object end;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof HttpRequest) {
        requests++;
        busy = true;
        answered = false;
        interim = 0;
      }
      context.write(message, promise);
    }

    /** An answer's end waits for the end of the read: nothing may follow it. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (refused) {
        ReferenceCountUtil.release(message);
      } else if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
        context.fireChannelRead(message);
      } else if (end != null) {
        refuse(context, message, "bytes behind the answer");
      } else if (part instanceof HttpResponse head && !isFinal(head)) {
        skip(context, head);
      } else if (part instanceof LastHttpContent last) {
        finish(last);
      } else {
        context.fireChannelRead(message);
      }
    }

    private static boolean isFinal(HttpResponse head) {
      return head.status().code() >= 200 && head.status().code() <= 599;
    }

    private void skip(ChannelHandlerContext context, HttpResponse head) {
      int code = head.status().code();
      if (code < 100 || code == 101 || code > 599) {
        refuse(context, head, "status " + code);
      } else if (++interim > MOST_INTERIM) {
        refuse(context, head, "too many interim answers");
      } else {
        skipping = true;
        ReferenceCountUtil.release(head);
      }
    }

    private void finish(LastHttpContent last) {
      if (skipping) {
        skipping = false;
        last.release();
      } else {
        end = last;
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      passEnd(context);
      context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      passEnd(context);
      context.fireChannelInactive();
    }

    private void passEnd(ChannelHandlerContext context) {
      Object held = end;
      if (held != null) {
        end = null;
        busy = false;
        context.fireChannelRead(held);
      }
    }

    private void refuse(ChannelHandlerContext context, Object message, String what) {
      ReferenceCountUtil.release(message);
      ReferenceCountUtil.release(end);
      end = null;
      refused = true;
      context.fireExceptionCaught(new DecoderException(what));
    }
  }
}
