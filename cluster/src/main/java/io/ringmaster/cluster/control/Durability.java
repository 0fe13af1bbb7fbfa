package io.ringmaster.cluster.control;

import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.List;

/** Whether a server syncs every write before it answers it, by its settings as they are. */
final class Durability {

  /** Returns the questions that it takes. */
  static final List<OwnRequest> QUESTIONS =
      List.of(
          OwnRequest.reading("CONFIG", "GET", "appendonly"),
          OwnRequest.reading("CONFIG", "GET", "appendfsync"),
          OwnRequest.reading("CONFIG", "GET", "no-appendfsync-on-rewrite"));

  private Durability() {}

  /** By the first of {@code answers}. */
  static boolean of(List<Reply> answers) {
    return value(answers.get(0)).equals("yes")
        && value(answers.get(1)).equals("always")
        && value(answers.get(2)).equals("no");
  }

  private static String value(Reply parameter) {
    List<Reply> nameAndValue = parameter.elements();
    return nameAndValue.isEmpty() ? "" : nameAndValue.getLast().text();
  }
}
