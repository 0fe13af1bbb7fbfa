package io.ringmaster.cluster.control;

/**
 * A term in which one coordinator leads the config group. Terms of a group that was founded later
 * are higher than all of one that was founded before, so that its servers obey the new one.
 *
 * @param generation when the group was founded, in seconds since 1970; 0 for groups from before
 *     there were generations
 * @param number of the term, from 1; 0 if it does not lead
 */
public record Term(long generation, long number) implements Comparable<Term> {

  /** This coordinator does not lead. */
  public static final Term NONE = new Term(0, 0);

  /** Whether this coordinator leads in it. */
  public boolean leads() {
    return number > 0;
  }

  @Override
  public int compareTo(Term other) {
    return generation != other.generation
        ? Long.compare(generation, other.generation)
        : Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return generation + "-" + number;
  }
}
