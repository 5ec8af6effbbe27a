package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An authoritative DNS server whose every answer a script decides, by the number of the query. */
final class ScriptedDns implements AutoCloseable {
  private static final int A = 1;
  private static final int CNAME = 5;
  private static final int AAAA = 28;

  private final DatagramSocket socket;
  private final Script script;

  /** Every query in order, as {@code A name}. */
  final List<String> queries = new CopyOnWriteArrayList<>();

  /** What a query is told. */
  @FunctionalInterface
  interface Script {
    /**
     * @param query {@code A name} or {@code AAAA name}
     * @param number of the queries before this one with the same text
     */
    Reply reply(String query, int number);
  }

  /**
   * Records of the name, all of the asked type; none = the name has no such record; null = silence.
   *
   * @param alias the name that the records belong to, or empty
   */
  record Reply(int ttl, String alias, List<String> addresses) {
    static final Reply NONE = new Reply(0, "", List.of());
    static final Reply SILENCE = new Reply(-1, "", List.of());

    static Reply of(int ttl, String... addresses) {
      return new Reply(ttl, "", List.of(addresses));
    }
  }

  ScriptedDns(Script script) throws IOException {
    this.script = script;
    this.socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    Thread.ofVirtual().start(this::serve);
  }

  /** Answers A queries like this, and that there is no AAAA. */
  static ScriptedDns ofA(java.util.function.IntFunction<Reply> replies) throws IOException {
    return new ScriptedDns(
        (query, number) -> query.startsWith("A ") ? replies.apply(number) : Reply.NONE);
  }

  DnsServerAddressStreamProvider provider() {
    return new SingletonDnsServerAddressStreamProvider(
        new InetSocketAddress("127.0.0.1", socket.getLocalPort()));
  }

  private void serve() {
    byte[] buffer = new byte[1_500];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        answer(packet);
      }
    } catch (IOException closed) {
      assert socket.isClosed();
    }
  }

  private void answer(DatagramPacket packet) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    int id = in.getShort();
    in.position(12);
    StringBuilder name = new StringBuilder();
    for (int length; (length = in.get()) > 0; ) {
      byte[] label = new byte[length];
      in.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, US_ASCII));
    }
    int type = in.getShort();
    String query = (type == A ? "A " : type == AAAA ? "AAAA " : "TYPE" + type + " ") + name;
    int number = (int) queries.stream().filter(query::equals).count();
    queries.add(query);
    Reply reply = script.reply(query, number);
    if (reply.ttl >= 0) {
      byte[] out = encode(id, name.toString(), type, reply);
      socket.send(new DatagramPacket(out, out.length, packet.getSocketAddress()));
    }
  }

  private static byte[] encode(int id, String name, int type, Reply reply) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    boolean alias = !reply.alias.isEmpty();
    try {
      out.writeShort(id);
      out.writeShort(0x8580); // an authoritative answer
      out.writeShort(1);
      out.writeShort(reply.addresses.size() + (alias ? 1 : 0));
      out.writeInt(0);
      name(out, name);
      out.writeShort(type);
      out.writeShort(1);
      if (alias) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        name(new DataOutputStream(target), reply.alias);
        record(out, name, CNAME, reply.ttl, target.toByteArray());
      }
      for (String each : reply.addresses) {
        record(out, alias ? reply.alias : name, type, reply.ttl, bytes(each));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(String address) throws IOException {
    if (address.startsWith("::ffff:")) { // which the JDK would fold to four bytes
      byte[] mapped = new byte[16];
      mapped[10] = (byte) 0xff;
      mapped[11] = (byte) 0xff;
      byte[] four = InetAddress.getByName(address.substring(7)).getAddress();
      System.arraycopy(four, 0, mapped, 12, 4);
      return mapped;
    }
    return InetAddress.getByName(address).getAddress();
  }

  private static void record(DataOutputStream out, String name, int type, int ttl, byte[] data)
      throws IOException {
    name(out, name);
    out.writeShort(type);
    out.writeShort(1);
    out.writeInt(ttl);
    out.writeShort(data.length);
    out.write(data);
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      out.writeByte(label.length());
      out.write(label.getBytes(US_ASCII));
    }
    out.writeByte(0);
  }

  @Override
  public void close() {
    socket.close();
  }
}
