package io.livehook.http;

import io.livehook.platform.Settings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one connection between decoder and Vert.x: what it is in the middle of and since when.
 * Runs on the connection's event loop.
 *
 * <pre>
 * FRESH ─ first byte ─ HEAD ─ head whole ─ BODY ─ body whole ─ RESTING ─ a byte ─ HEAD …
 *                        └───── too slow, no request, one too many ───── REFUSED ─ closed
 * </pre>
 */
final class Watch extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** A refused connection is read from for so long, so that its answer is not lost to a reset. */
  private static final long LINGER = 1_000_000_000;

  /** Each so many bytes of a body give it a second more. */
  private static final long BYTES_PER_SECOND = 16 << 10;

  private enum Phase {
    FRESH,
    HEAD,
    BODY,
    RESTING,
    REFUSED
  }

  private final Connections loop;
  private final Settings.Inbound limits;
  private final Channel channel;
  private final Peers.Entry entry;
  private Phase phase = Phase.FRESH;
  private long since;
  private long received;

  /** Of what was read since the last round of reading. */
  private boolean bytesCame;

  private boolean messageCame;

  /** Requests whose answer has not ended; one of them may be on its way out. */
  private int owed;

  private boolean answering;
  private long unwritableFor;
  private @Nullable ChannelHandlerContext context;

  Watch(Connections loop, Channel channel, Peers.Entry entry) {
    this.loop = loop;
    this.limits = loop.limits();
    this.channel = channel;
    this.entry = entry;
    this.since = loop.now();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Stands before the decoder, which says nothing while a head is incomplete. */
  ChannelHandler bytes() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext before, Object bytes) {
        bytesCame = true;
        before.fireChannelRead(bytes);
      }
    };
  }

  // --- what comes ---

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    messageCame = true;
    Problem fault = phase == Phase.REFUSED ? null : see(message);
    if (fault != null) {
      refuse(fault);
    }
    if (phase == Phase.REFUSED) {
      ReferenceCountUtil.release(message);
    } else {
      here.fireChannelRead(message);
    }
  }

  private @Nullable Problem see(Object message) {
    if (message instanceof HttpRequest request) {
      owed++;
      received = 0;
      enter(Phase.BODY);
      if (entry != Peers.Entry.ADMITTED) {
        return oneTooMany();
      }
      // What could not be decoded Vert.x hands to the handler of invalid requests, in its turn.
      return request.decoderResult().isSuccess() ? Heads.fault(request, limits.fields()) : null;
    }
    if (message instanceof HttpContent content) {
      if (!content.decoderResult().isSuccess()) {
        return Problem.of(ProblemKind.BAD_REQUEST, "The body's chunks could not be read.");
      }
      received += content.content().readableBytes();
      if (message instanceof LastHttpContent) {
        enter(Phase.RESTING);
      }
    }
    return null;
  }

  private Problem oneTooMany() {
    return entry == Peers.Entry.PEER_FULL
        ? Problem.later(
            ProblemKind.TOO_MANY_CONNECTIONS,
            "The limit is %d connections from one address.".formatted(limits.connectionsPerPeer()),
            1)
        : Problem.later(ProblemKind.NODE_FULL, "The node takes no more connections.", 1);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) {
    boolean partOfHead = phase == Phase.FRESH || phase == Phase.RESTING;
    if (bytesCame && !messageCame && partOfHead) {
      enter(Phase.HEAD);
    }
    bytesCame = false;
    messageCame = false;
    here.fireChannelReadComplete();
  }

  private void enter(Phase next) {
    phase = next;
    since = loop.now();
  }

  // --- what goes ---

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise written) {
    if (phase == Phase.REFUSED) {
      ReferenceCountUtil.release(message);
      written.tryFailure(new ClosedChannelException());
      return;
    }
    boolean interim = message instanceof HttpResponse response && response.status().code() < 200;
    if (!interim) {
      answering = true;
      if (message instanceof LastHttpContent) {
        answering = false;
        owed--;
        if (phase == Phase.RESTING) {
          since = loop.now();
        }
      }
    }
    here.write(message, written);
  }

  // --- how long it takes ---

  /**
   * @param elapsed since the last look
   */
  void look(long elapsed) {
    boolean reading = phase == Phase.HEAD || phase == Phase.BODY;
    if (reading && !channel.config().isAutoRead()) {
      since += elapsed; // we do not read: that is not the sender's time
    }
    unwritableFor = channel.isWritable() ? 0 : unwritableFor + elapsed;
    long age = loop.now() - since - loop.round();
    if (unwritableFor > limits.idleTimeout().toNanos()) {
      drop("does not read its answer");
      return;
    }
    switch (phase) {
      case FRESH -> dropIf(age > limits.headTimeout().toNanos(), "sends nothing");
      case HEAD -> refuseIf(age > limits.headTimeout().toNanos(), "head");
      case BODY -> refuseIf(age > bodyLimit(), "body");
      case RESTING -> dropIf(owed == 0 && age > limits.idleTimeout().toNanos(), "idle");
      case REFUSED -> dropIf(age > LINGER, "refused");
    }
  }

  private long bodyLimit() {
    return limits.bodyTimeout().toNanos() + received / BYTES_PER_SECOND * 1_000_000_000;
  }

  private void dropIf(boolean late, String why) {
    if (late) {
      drop(why);
    }
  }

  private void drop(String why) {
    LOG.atDebug().addKeyValue("why", why).log("connection closed");
    close();
  }

  /** Beneath Vert.x, which would first wait for what is still to be written. */
  private void close() {
    ChannelHandlerContext here = context;
    if (here == null) {
      channel.close();
    } else {
      here.close();
    }
  }

  private void refuseIf(boolean late, String what) {
    if (late) {
      refuse(
          Problem.of(
              ProblemKind.REQUEST_TIMEOUT,
              "The %s of the request did not come in time.".formatted(what)));
    }
  }

  /** An answer, if the next one on the connection can be this request's; then the end. */
  private void refuse(Problem problem) {
    boolean answerable = !answering && owed == (phase == Phase.BODY ? 1 : 0);
    enter(Phase.REFUSED);
    LOG.atDebug().addKeyValue("why", problem.kind().code()).log("connection refused");
    ChannelHandlerContext here = context;
    if (!answerable || here == null) {
      close();
      return;
    }
    channel.config().setAutoRead(true);
    here.writeAndFlush(loop.refusals().response(problem))
        .addListener(
            (ChannelFutureListener)
                written -> {
                  if (written.isSuccess() && channel instanceof DuplexChannel both) {
                    both.shutdownOutput();
                  } else {
                    close();
                  }
                });
  }
}
