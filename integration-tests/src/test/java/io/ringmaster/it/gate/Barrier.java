package io.ringmaster.it.gate;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The position marker, written by the very requests that the proxy sends. */
final class Barrier {

  static final Marker MARKER = new Marker(15);
  static final String POSITION = Marker.KEY;

  private Barrier() {}

  /** Sets the marker to the beginning of {@code epoch}. */
  static void begin(Server leader, long epoch) throws IOException {
    leader.call(words(MARKER.begin(epoch)));
  }

  static String[] advance(long epoch) {
    return words(MARKER.advance(epoch));
  }

  /** Whoever holds it tells the subscribers of {@code channel} its sequence. */
  static String[] advance(long epoch, String channel, long sequence) {
    return words(MARKER.advance(epoch, channel, sequence));
  }

  /** Sends a whole barrier: script, wait, and a second look at the epoch. */
  static void send(Client client, long epoch, int replicas, int waitMillis) throws IOException {
    String[] wait = {"WAIT", "" + replicas, "" + waitMillis};
    client.sendTogether(List.of(advance(epoch), wait, read()));
  }

  /** The replies to a whole barrier: number, replicas, epoch. */
  static List<String> run(Client client, long epoch, int replicas, int waitMillis)
      throws IOException {
    send(client, epoch, replicas, waitMillis);
    List<String> replies = client.receive(3);
    return List.of(replies.get(0), replies.get(1), replies.get(2).split(" ")[0]);
  }

  /** Asks for epoch and number. */
  static String[] read() {
    return words(MARKER.read());
  }

  static String[] words(Request request) {
    String[] words = new String[request.count()];
    for (int i = 0; i < words.length; i++) {
      words[i] = new String(request.bytes(i), StandardCharsets.UTF_8);
    }
    return words;
  }
}
