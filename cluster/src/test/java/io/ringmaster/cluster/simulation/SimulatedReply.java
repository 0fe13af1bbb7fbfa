package io.ringmaster.cluster.simulation;

import io.ringmaster.protocol.Reply;
import java.util.List;

/** A reply of a simulated server; the text of nil is empty. */
record SimulatedReply(byte type, String text, List<Reply> elements) implements Reply {

  static final SimulatedReply OK = new SimulatedReply((byte) '+', "OK");
  static final SimulatedReply NIL = new SimulatedReply((byte) '$', "");

  static final SimulatedReply LOADING = error("LOADING Redis is loading the dataset in memory");

  SimulatedReply(byte type, String text) {
    this(type, text, List.of());
  }

  static SimulatedReply array(List<? extends Reply> elements) {
    return new SimulatedReply((byte) '*', "", List.copyOf(elements));
  }

  static SimulatedReply bulks(List<String> texts) {
    return array(texts.stream().map(SimulatedReply::bulk).toList());
  }

  /** What is said without having been asked. */
  static SimulatedReply push(String kind, String channel, String text) {
    return new SimulatedReply((byte) '>', kind, List.of(bulk(channel), bulk(text)));
  }

  static SimulatedReply bulk(String text) {
    return new SimulatedReply((byte) '$', text);
  }

  static SimulatedReply number(long number) {
    return new SimulatedReply((byte) ':', "" + number);
  }

  static SimulatedReply error(String text) {
    return new SimulatedReply((byte) '-', text);
  }

  @Override
  public int length() {
    return text.length() + 3;
  }

  @Override
  public String firstLine() {
    return type != '$' ? text : text.isEmpty() ? "-1" : "" + text.length();
  }

  @Override
  public SimulatedReply detached() {
    return this;
  }
}
