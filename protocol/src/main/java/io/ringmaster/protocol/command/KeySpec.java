package io.ringmaster.protocol.command;

import java.util.Set;

/**
 * The places of some keys of a command among its arguments, and their use.
 *
 * @param notes a remark for people; empty if there is none
 * @see <a href="https://redis.io/docs/latest/develop/reference/key-specs/">Redis documentation,
 *     "Command key specifications"</a>
 */
public record KeySpec(Set<KeyFlag> flags, BeginSearch begin, FindKeys find, String notes) {

  /** The rule where the search for keys begins. */
  public sealed interface BeginSearch {}

  /** The rule how the search goes on from there. */
  public sealed interface FindKeys {}

  /** A beginning at a fixed argument. */
  public record Index(int position) implements BeginSearch {}

  /**
   * After the first argument that equals {@code word}, from argument {@code from} on; a negative
   * {@code from} counts from the end, and the search goes backwards.
   */
  public record Keyword(String word, int from) implements BeginSearch {}

  /**
   * Keys up to {@code last}: relative to the first one, or from the end if negative. With a {@code
   * limit} above 0, -1 stands for the first 1/limit of what follows.
   */
  public record Range(int last, int step, int limit) implements FindKeys {}

  /** An argument tells how many keys there are; both positions are relative to the beginning. */
  public record KeyCount(int countIndex, int first, int step) implements FindKeys {}

  /** No rule describes it. */
  public record Unknown() implements BeginSearch, FindKeys {}
}
