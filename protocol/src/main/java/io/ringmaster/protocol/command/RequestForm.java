package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;

/** Questions whose answer depends on the options of one request, not on its command alone. */
public final class RequestForm {

  private RequestForm() {}

  /** Whether it is a form of XREAD or XREADGROUP that waits for data. */
  public static boolean blocks(CommandSpec spec, Arguments arguments) {
    return spec.keyRule() == KeyRule.STREAMS && OptionKeys.streamsBlock(arguments);
  }

  /**
   * Whether it is a SORT or SORT_RO that reads keys which it does not name, but makes from the
   * sorted elements and a BY or GET pattern; these may be on other shards. A Redis Cluster refuses
   * it.
   */
  public static boolean readsKeysByPattern(CommandSpec spec, Arguments arguments) {
    return spec.readsByPattern() && OptionKeys.sortReadsByPattern(arguments);
  }

  /**
   * The highest database that a COPY names, up to the first argument at which a server stops; 0 if
   * it names none, or none that any server has.
   */
  public static int targetDatabase(Arguments arguments) {
    return OptionKeys.copyDatabase(arguments);
  }

  /**
   * Whether the number of keys of an EVAL or EVAL_RO, its second argument, can be right. If not, a
   * server refuses it without a look at the script.
   */
  public static boolean tellsNumberOfKeys(Arguments arguments) {
    int keys = Numbers.strict(arguments, 2);
    return keys >= 0 && keys <= arguments.count() - 3;
  }
}
