package io.ringmaster.proxy.cli;

import java.util.List;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** What {@code ringmaster NAME} does. */
interface Subcommand {

  String name();

  /** One sentence. */
  String description();

  /** What may be given with it, besides {@code --help}. */
  Options options();

  /** The words of which one has to follow; none if no argument is taken. */
  default List<String> arguments() {
    return List.of();
  }

  /**
   * Does it, and returns the exit code.
   *
   * @throws ParseException if the command line is wrong
   */
  int run(Call call) throws ParseException;
}
