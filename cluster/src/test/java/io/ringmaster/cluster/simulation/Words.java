package io.ringmaster.cluster.simulation;

import io.ringmaster.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request as simulated servers read it. */
record Words(List<String> words, boolean isReadOnly) implements Request {

  static Words reading(String... words) {
    return new Words(List.of(words), true);
  }

  static Words writing(String... words) {
    return new Words(List.of(words), false);
  }

  static Words of(Request request) {
    if (request instanceof Words words) {
      return words;
    }
    List<String> words = new ArrayList<>(request.count());
    for (int i = 0; i < request.count(); i++) {
      words.add(new String(request.bytes(i), StandardCharsets.UTF_8));
    }
    return new Words(words, request.isReadOnly());
  }

  String name() {
    return words.getFirst();
  }

  String word(int index) {
    return words.get(index);
  }

  @Override
  public int count() {
    return words.size();
  }

  @Override
  public int length(int index) {
    return bytes(index).length;
  }

  @Override
  public byte[] bytes(int index) {
    return words.get(index).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Words detached() {
    return this;
  }

  /** For traces: the text of a script would only be in the way. */
  @Override
  public String toString() {
    if (name().equals("EVAL")) {
      return "EVAL " + Scripts.name(word(1)) + " " + String.join(" ", words.subList(2, count()));
    }
    return String.join(" ", words);
  }
}
