package io.ringmaster.proxy.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * One call of a command. Options are named as they are typed, without the dashes.
 *
 * @param given its options
 * @param out where it prints what was asked for
 * @param err where it prints what else there is to say
 */
record Call(CommandLine given, PrintWriter out, PrintWriter err) {

  /**
   * Reads what follows a command's name.
   *
   * @throws ParseException if the command has no such option, or takes no such argument
   */
  static Call of(Subcommand command, List<String> words, PrintWriter out, PrintWriter err)
      throws ParseException {
    CommandLine given = parse(command.options(), words);
    checkArguments(given.getArgList(), command.arguments());
    return new Call(given, out, err);
  }

  private static void checkArguments(List<String> given, List<String> possible)
      throws ParseException {
    if (given.isEmpty() && !possible.isEmpty()) {
      throw new ParseException("an argument is missing: " + String.join("|", possible));
    }
    int accepted = !given.isEmpty() && possible.contains(given.getFirst()) ? 1 : 0;
    if (given.size() > accepted) {
      String hint = accepted == 0 ? Spelling.hint(given.getFirst(), possible) : "";
      throw new ParseException("unexpected argument '" + given.get(accepted) + "'" + hint);
    }
  }

  private static CommandLine parse(Options options, List<String> words) throws ParseException {
    try {
      return DefaultParser.builder()
          .setAllowPartialMatching(false)
          .get()
          .parse(options, words.toArray(String[]::new));
    } catch (UnrecognizedOptionException e) {
      Collection<String> names = options.getOptions().stream().map(Call::typed).toList();
      String hint = Spelling.hint(e.getOption().split("=", 2)[0], names);
      throw new ParseException("there is no option " + e.getOption() + hint);
    } catch (MissingArgumentException e) {
      throw new ParseException(typed(e.getOption()) + " needs a value");
    }
  }

  /** Returns the option as a user types it. */
  static String typed(Option option) {
    return "--" + option.getLongOpt();
  }

  /** An option with a value. */
  static Option option(String name, String value, String description) {
    return Option.builder().longOpt(name).hasArg().argName(value).desc(description).get();
  }

  /** An option without one. */
  static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).get();
  }

  boolean has(String option) {
    return given.hasOption(option);
  }

  /** All values, in the order in which they were given. */
  List<String> texts(String option) {
    String[] values = given.getOptionValues(option);
    return values == null ? List.of() : List.of(values);
  }

  /** The value of an option that may be given once. */
  Optional<String> text(String option) throws ParseException {
    List<String> values = texts(option);
    if (values.size() > 1) {
      throw new ParseException("--" + option + " may be given once");
    }
    return values.stream().findFirst();
  }

  OptionalInt number(String option) throws ParseException {
    Optional<String> text = text(option);
    try {
      return text.isPresent() ? OptionalInt.of(Integer.parseInt(text.get())) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      throw new ParseException("--" + option + ": '" + text.get() + "' is not a number");
    }
  }
}
