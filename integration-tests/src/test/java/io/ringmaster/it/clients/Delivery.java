package io.ringmaster.it.clients;

/** What a library does with a command whose connection breaks before the answer has come. */
public enum Delivery {

  /** What it does unless told otherwise; some send it again. */
  DEFAULT,

  /** It fails, where the library can be told so: a write is never sent twice. */
  AT_MOST_ONCE
}
