package io.ringmaster.cluster.control;

/**
 * The changes that one coordinator proposes, and which of them show that it still led: those that
 * were made, and have arrived here, in the term in which they were proposed. Belongs to one event
 * loop.
 */
public final class Proposals {

  private long last;
  private long confirmed;
  private Term confirmedTerm = Term.NONE;

  /** One more is about to be proposed; its number. */
  public long next() {
    return ++last;
  }

  /** The number of the last one; 0 if there was none. */
  long last() {
    return last;
  }

  /**
   * The one of that number was made, and has arrived here.
   *
   * @param proposedIn the term that this coordinator led when it proposed it
   * @param term the same for now
   */
  public void made(long number, Term proposedIn, Term term) {
    if (term.leads() && term.equals(proposedIn)) {
      confirmed = Math.max(confirmed, number);
      confirmedTerm = term;
    }
  }

  /** The number of the last one that was made in {@code term}; 0 if there is none. */
  public long confirmed(Term term) {
    return term.equals(confirmedTerm) ? confirmed : 0;
  }
}
