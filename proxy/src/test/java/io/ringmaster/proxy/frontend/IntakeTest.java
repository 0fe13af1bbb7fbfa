package io.ringmaster.proxy.frontend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.codec.RequestLimits;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The states of an intake, and what leads from one to the other. */
class IntakeTest {

  private static final int COMMANDS_IN_FLIGHT = 2;
  private static final RequestLimits REQUESTS =
      new RequestLimits(1000, 1 << 20, 1 << 20, 1 << 16, false);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Counted counted = new Counted();
  private final DataLoop loop =
      new DataLoop(
          channel.eventLoop(), channel.alloc(), MemoryBudget.endless(), new Faults(counted::fault));
  private final Frontend frontend =
      new Frontend(loop, limits(), counted, () -> 7, 16, User.UNRESTRICTED);
  private final Sink sink = new Sink();

  IntakeTest() {
    frontend.sink(sink);
    channel.pipeline().addLast(frontend.add(channel));
  }

  @AfterEach
  void stop() {
    sink.answerAll();
    channel.finishAndReleaseAll();
    loop.close();
    assertThat(counted.faults).isZero();
    assertThat(loop.memory().used()).isZero();
  }

  @Test
  void readsUntilTheNextRequestIsThere() {
    send("ONE\r\nTW");
    assertThat(sink.seen).containsExactly("ONE");
    assertThat(isReading()).isTrue();
    send("O\r\n");
    assertThat(sink.seen).containsExactly("ONE", "TWO");
    assertThat(isReading()).isTrue();
  }

  @Test
  void readsNoMoreWhileTooManyRequestsAreInFlight() {
    send("ONE\r\nTWO\r\nTHREE\r\nFOUR\r\n");
    assertThat(sink.seen).containsExactly("ONE", "TWO");
    assertThat(isReading()).isFalse();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "TWO", "THREE");
    assertThat(isReading()).isFalse();
    sink.answer();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "TWO", "THREE", "FOUR");
    assertThat(isReading()).isTrue();
    assertThat(counted.paused).isEqualTo(1);
    assertThat(replies()).isEqualTo("+ONE\r\n+TWO\r\n+THREE\r\n");
  }

  @Test
  void aRequestThatComesBehindTheRepliesIsOfferedAgainOnceAllAreThere() {
    send("ONE\r\nBEHIND\r\nTWO\r\n");
    assertThat(isReading()).isFalse();
    assertThat(sink.seen).containsExactly("ONE");
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "BEHIND", "TWO");
    assertThat(isReading()).isTrue();
  }

  @Test
  void aParkedClientWaitsForItsReplyAndUntilItIsUnparked() {
    send("ONE\r\n");
    sink.parks = true;
    send("TWO\r\n");
    assertThat(isReading()).isFalse();
    sink.parks = false;
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE");
    client().unpark();
    run();
    assertThat(sink.seen).containsExactly("ONE", "TWO");
    assertThat(isReading()).isTrue();
  }

  @Test
  void anUnparkedClientStillWaitsForItsReply() {
    send("ONE\r\n");
    sink.parks = true;
    send("TWO\r\n");
    sink.parks = false;
    client().unpark();
    run();
    assertThat(sink.seen).containsExactly("ONE");
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "TWO");
  }

  @Test
  void whoeverIsUnparkedTooEarlyIsParkedAgain() {
    sink.parks = true;
    send("ONE\r\n");
    client().unpark();
    run();
    assertThat(isReading()).isFalse();
    sink.parks = false;
    run();
    assertThat(sink.seen).isEmpty();
    client().unpark();
    run();
    assertThat(sink.seen).containsExactly("ONE");
    assertThat(isReading()).isTrue();
    assertThat(counted.paused).isEqualTo(1);
  }

  @Test
  void whatStillArrivesWhileARequestWaitsStaysBehindIt() {
    send("ONE\r\n");
    sink.parks = true;
    send("TWO\r\n");
    sink.parks = false;
    send("BEHIND\r\n");
    assertThat(sink.seen).containsExactly("ONE");
    sink.answer();
    client().unpark();
    run();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "TWO", "BEHIND");
    assertThat(isReading()).isTrue();
  }

  @Test
  void whoSendsNothingMoreIsGoneOnceTheRequestsAtHandAreAnswered() {
    send("ONE\r\nBEHIND\r\nHALF");
    sendNothingMore();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE", "BEHIND");
    assertThat(channel.isOpen()).isTrue();
    sink.answer();
    run();
    assertThat(replies()).isEqualTo("+ONE\r\n+BEHIND\r\n");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoSendsNothingMoreWhileNothingIsInFlightIsGoneAtOnce() {
    sendNothingMore();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aClientThatIsToGoIsAskedNothingMore() {
    send("ONE\r\n");
    client().closeAfterReplies();
    send("TWO\r\n");
    assertThat(channel.isOpen()).isTrue();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE");
    assertThat(replies()).isEqualTo("+ONE\r\n");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void nothingMoreIsWrittenToAClientThatIsCutOff() {
    send("ONE\r\nBEHIND\r\n");
    client().abort();
    sink.answer();
    run();
    assertThat(sink.seen).containsExactly("ONE");
    assertThat(replies()).isEmpty();
  }

  private static ClientLimits limits() {
    Duration never = Duration.ofHours(1);
    return new ClientLimits(
        REQUESTS,
        REQUESTS,
        COMMANDS_IN_FLIGHT,
        1 << 30,
        1 << 30,
        1 << 30,
        never,
        never,
        never,
        never);
  }

  private ClientConnection client() {
    return frontend.clients().getFirst();
  }

  private void send(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  private void sendNothingMore() {
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    run();
  }

  /** Lets the loop's iterations pass that resume clients and flush. */
  private void run() {
    channel.runPendingTasks();
  }

  private boolean isReading() {
    return channel.config().isAutoRead();
  }

  private String replies() {
    StringBuilder all = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.append(part.toString(ISO_8859_1));
      part.release();
    }
    return all.toString();
  }

  /** Takes requests, and answers each with its name when told to. */
  private static final class Sink implements RequestSink {
    final List<String> seen = new ArrayList<>();
    private final Deque<PendingReply> open = new ArrayDeque<>();
    private int answered;
    boolean parks;

    @Override
    public boolean accept(ClientConnection client, RequestFrame request) {
      String name = new String(request.bytes(0), ISO_8859_1);
      if (parks) {
        client.park();
        return false;
      }
      if (client.inFlight() > 0 && name.equals("BEHIND")) {
        return false;
      }
      seen.add(name);
      open.add(client.open(request.frameLength(), true));
      return true;
    }

    /** Answers the oldest request that is not answered. */
    void answer() {
      byte[] reply = ("+" + seen.get(answered++) + "\r\n").getBytes(ISO_8859_1);
      open.remove().settle(reply);
    }

    void answerAll() {
      while (!open.isEmpty()) {
        answer();
      }
    }
  }

  private static final class Counted implements ClientCounters {
    int paused;
    int faults;

    void fault() {
      faults++;
    }

    @Override
    public void paused() {
      paused++;
    }

    @Override
    public void accepted() {}

    @Override
    public void closed() {}

    @Override
    public void rejected() {}

    @Override
    public void received(int bytes) {}

    @Override
    public void request(boolean readOnly, int bytes) {}

    @Override
    public void errorReplied() {}

    @Override
    public void failed(String codeAndText) {}

    @Override
    public void replied(int bytes) {}

    @Override
    public void refusedMemory() {}
  }
}
