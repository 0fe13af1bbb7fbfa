package io.ringmaster.cluster.simulation;

import io.ringmaster.protocol.Reply;

/** A reply of a simulated server; the text of nil is empty. */
record SimulatedReply(byte type, String text) implements Reply {

  static final SimulatedReply OK = new SimulatedReply((byte) '+', "OK");
  static final SimulatedReply NIL = new SimulatedReply((byte) '$', "");

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
