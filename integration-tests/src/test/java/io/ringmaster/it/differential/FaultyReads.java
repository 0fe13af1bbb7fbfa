package io.ringmaster.it.differential;

import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Random requests that change nothing, to a plain server and to an endpoint that may fail at any
 * time: it may refuse them, or end the connection, but what it answers must be what the server
 * answers.
 */
final class FaultyReads implements AutoCloseable {

  private static final int LONGEST_PIPELINE = 40;
  private static final Set<String> WITHOUT_KEY = Set.of("scan", "randomkey", "keys", "dbsize");

  private final Random random;
  private final int version;
  private final int otherPort;
  private final CommandTable table;
  private final Requests requests;
  private final Endpoint plain;
  private Endpoint other;
  private final List<String> differences = new ArrayList<>();
  private long answered;
  private long refused;
  private long ended;

  FaultyReads(long seed, int version, int plainPort, int otherPort, CommandTable table)
      throws IOException {
    this.random = new Random(seed);
    this.version = version;
    this.otherPort = otherPort;
    this.table = table;
    this.requests =
        new Requests(
            random,
            new Values(random, List.of(Values.bytes("none")), List.of("0".repeat(40))),
            table);
    this.plain = new Endpoint(plainPort, version);
    this.other = new Endpoint(otherPort, version);
  }

  /** Sends {@code count} requests. */
  void run(int count) throws IOException {
    for (int sent = 0; sent < count; ) {
      List<Request> batch = new ArrayList<>();
      for (int i = random.nextInt(LONGEST_PIPELINE); i >= 0; i--) {
        batch.add(next());
      }
      plain.send(batch);
      List<Answer> expected = plain.receive(batch.size());
      compare(batch, expected);
      sent += batch.size();
    }
  }

  private Request next() {
    while (true) {
      Request request = requests.next();
      if (request.valid() && isRead(request.command())) {
        return request;
      }
    }
  }

  private boolean isRead(String name) {
    if (WITHOUT_KEY.contains(name) || name.startsWith("script") || name.startsWith("eval")) {
      return false;
    }
    return table.all().stream()
        .filter(command -> command.name().equals(name))
        .anyMatch(CommandSpec::isReadOnly);
  }

  private void compare(List<Request> batch, List<Answer> expected) throws IOException {
    try {
      other.send(batch);
      for (int i = 0; i < batch.size(); i++) {
        compare(batch.get(i), expected.get(i), other.receive(1).getFirst());
      }
    } catch (EOFException | SocketException end) {
      ended++;
      reconnect();
    }
  }

  private void compare(Request request, Answer expected, Answer actual) {
    if (actual.text().startsWith("-UNAVAILABLE ")) {
      refused++;
    } else if (expected.isSameAs(actual) || Deviation.anyExplains(request, expected, actual)) {
      answered++;
    } else {
      differences.add("%s: plain %s, other %s".formatted(request, expected, actual));
    }
  }

  private void reconnect() throws IOException {
    other.close();
    while (true) {
      try {
        other = new Endpoint(otherPort, version);
        return;
      } catch (IOException endedAgain) {
        ended++;
      }
    }
  }

  List<String> differences() {
    return differences;
  }

  /** Requests that got the reply of the plain server. */
  long answered() {
    return answered;
  }

  /** Requests that were refused. */
  long refused() {
    return refused;
  }

  /** Connections that were ended. */
  long ended() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    plain.close();
    other.close();
  }
}
