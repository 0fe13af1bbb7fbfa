package io.ringmaster.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.protocol.codec.ReplyFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The exchange on a new connection before it carries requests. First {@code HELLO} with the
 * credentials, {@code SELECT}, {@code CLIENT ID} and {@code INFO server}. Then, if earlier
 * connections to the same run of the server were lost with requests in flight, {@code CLIENT KILL
 * ID} of those: a closed socket is not a dead request, what the server had received it would still
 * execute, behind requests that are sent now.
 */
final class Handshake {

  enum Progress {
    MORE,
    SEND,
    DONE,
    REFUSED
  }

  private static final Pattern RUN_ID = Pattern.compile("run_id:([0-9a-f]+)");

  private final @Nullable Login login;
  private final Lane lane;
  private final Leftovers leftovers;
  private final List<RemoteClient> ending = new ArrayList<>(0);
  private int expected;
  private boolean secondSent;
  private long clientId;
  private String runId = "";
  private String refusal = "";

  /** More may be added to {@code leftovers} until it is done. */
  Handshake(@Nullable Login login, Lane lane, Leftovers leftovers) {
    this.login = login;
    this.lane = lane;
    this.leftovers = leftovers;
  }

  ByteBuf first(ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer();
    List<String> hello = new ArrayList<>(List.of("HELLO", "" + lane.version().number()));
    if (login != null) {
      hello.addAll(List.of("AUTH", login.user(), login.password()));
    }
    hello.addAll(List.of("SETNAME", "ringmaster"));
    write(out, hello);
    write(out, List.of("SELECT", "" + lane.database()));
    write(out, List.of("CLIENT", "ID"));
    write(out, List.of("INFO", "server"));
    return out;
  }

  ByteBuf second(ByteBufAllocator allocator) {
    secondSent = true;
    ByteBuf out = allocator.directBuffer();
    for (RemoteClient lost : leftovers.all()) {
      if (isToBeEnded(lost)) {
        ending.add(lost);
        write(out, List.of("CLIENT", "KILL", "ID", "" + lost.clientId()));
      }
    }
    return out;
  }

  Progress onReply(ReplyFrame reply) {
    expected--;
    if (reply.isError()) {
      refusal = "it refused the connection: " + reply.firstLine();
      return Progress.REFUSED;
    }
    if (secondSent) {
      return next();
    }
    if (reply.type() == ':') {
      clientId = Long.parseLong(reply.firstLine());
    } else if (expected == 0) {
      Matcher matcher = RUN_ID.matcher(new String(reply.bytes(), StandardCharsets.ISO_8859_1));
      runId = matcher.find() ? matcher.group(1) : "";
    }
    return next();
  }

  private Progress next() {
    if (expected > 0) {
      return Progress.MORE;
    }
    boolean more = leftovers.all().stream().anyMatch(this::isToBeEnded);
    return more ? Progress.SEND : Progress.DONE;
  }

  private boolean isToBeEnded(RemoteClient lost) {
    return lost.runId().equals(runId) && !ending.contains(lost);
  }

  /** Returns the connections that the server has ended; known when done. */
  List<RemoteClient> ended() {
    return ending;
  }

  /** Returns the server's name for this connection; known when done. */
  RemoteClient remoteClient() {
    return new RemoteClient(runId, clientId);
  }

  /** Returns the reason why the server did not take the connection. */
  String refusal() {
    return refusal;
  }

  private void write(ByteBuf out, List<String> words) {
    expected++;
    ByteBufUtil.writeAscii(out, "*" + words.size() + "\r\n");
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      ByteBufUtil.writeAscii(out, "$" + bytes.length + "\r\n");
      out.writeBytes(bytes);
      ByteBufUtil.writeAscii(out, "\r\n");
    }
  }
}
