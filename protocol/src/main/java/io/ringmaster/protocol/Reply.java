package io.ringmaster.protocol;

import java.util.List;

/**
 * A reply as it came from a server. It is a view: valid only during the call that it is passed to.
 */
public interface Reply {

  /**
   * The first byte of the frame, which names its type: {@code '+'}, {@code '-'}, {@code '$'} and so
   * on.
   */
  byte type();

  /** Length of the whole frame in bytes. */
  int length();

  /** Whether this is an error, simple or bulk. */
  default boolean isError() {
    return type() == '-' || type() == '!';
  }

  /**
   * The first line without its type and line end; for an error its code and text. A line of more
   * than 4 KiB is cut there.
   */
  String firstLine();

  /** The content of a string, number or error, bytes as Latin-1; empty for nil. */
  String text();

  /**
   * Returns the elements of an array or set, as copies that stay valid; empty for anything else.
   */
  default List<Reply> elements() {
    return List.of();
  }

  /** A copy that stays valid. */
  Reply detached();

  /**
   * Returns the same reply, which stays valid until it is {@link #release}d, at a lower price than
   * a copy: for one that is passed on later. It may throw where there is no memory for it.
   */
  default Reply kept() {
    return detached();
  }

  /** Gives back what {@link #kept} has taken; of any other reply, nothing. */
  default void release() {}
}
