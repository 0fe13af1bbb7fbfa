package io.ringmaster.it.gate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The stream of changes as a replica receives it, with the offset at which each ends. */
final class ReplicationStream {

  private final Client client;
  private long offset;

  /** Follows {@code leader} from now on. */
  ReplicationStream(Server leader) throws IOException {
    client = leader.client();
    String[] reply = client.call("PSYNC", "?", "-1").split(" ");
    offset = Long.parseLong(reply[2]);
    client.skip(Client.length(lineAfterKeepAlive()));
  }

  /** Where each of the next {@code count} raises of the marker ends, with its transaction. */
  List<Long> endsOfRaises(int count) throws IOException {
    List<Long> ends = new ArrayList<>();
    boolean inTransaction = false;
    boolean raised = false;
    while (ends.size() < count) {
      List<String> command = next();
      String name = command.getFirst().toUpperCase(Locale.ROOT);
      raised |= name.equals("HINCRBY") && command.get(1).equals(Barrier.POSITION);
      inTransaction = name.equals("MULTI") || (inTransaction && !name.equals("EXEC"));
      if (raised && !inTransaction) {
        ends.add(offset);
        raised = false;
      }
    }
    return ends;
  }

  private List<String> next() throws IOException {
    String head = client.line();
    offset += head.length() + 2;
    List<String> words = new ArrayList<>();
    for (int i = Client.length(head); i > 0; i--) {
      String length = client.line();
      String word = client.text(Client.length(length));
      offset += length.length() + 2 + word.length() + 2;
      words.add(word);
    }
    return words;
  }

  private String lineAfterKeepAlive() throws IOException {
    int first = client.read();
    while (first == '\n') {
      first = client.read();
    }
    return (char) first + client.line();
  }
}
