package io.ringmaster.proxy.cli;

import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.proxy.adoption.AdoptionException;
import io.ringmaster.proxy.config.Problem;
import io.ringmaster.proxy.config.SettingsException;
import io.ringmaster.proxy.demo.DemoException;
import io.ringmaster.proxy.failure.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.security.Security;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point. Exit codes are part of what scripts rely on: they are documented, and listed by
 * {@code --help}.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  static final int FAILED = 1;
  static final int WRONG_COMMAND_LINE = 2;
  static final int WRONG_CONFIGURATION = 3;

  static final List<Subcommand> COMMANDS =
      List.of(
          new DemoCommand(),
          new ServeCommand(),
          new CheckCommand(),
          new ImportCommand(),
          new VersionCommand(),
          new CompletionCommand());

  private static final String NAMES =
      COMMANDS.stream().map(Subcommand::name).collect(Collectors.joining("|"));

  private final PrintWriter out;
  private final PrintWriter err;

  Main(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    forgetAddressesSoon();
    Charset charset = System.out.charset();
    Main main =
        new Main(
            new PrintWriter(System.out, true, charset), new PrintWriter(System.err, true, charset));
    System.exit(main.execute(arguments));
  }

  /**
   * The JVM keeps the address of a name for 30 s, and for 10 s that it has none: so long nobody
   * would find a server that has moved. Heeded before the first look-up only.
   */
  private static void forgetAddressesSoon() {
    Security.setProperty("networkaddress.cache.ttl", "1");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }

  /** Runs one command, and returns its exit code. */
  int execute(String... arguments) {
    try {
      return run(List.of(arguments));
    } catch (ParseException e) {
      err.println("ringmaster: " + e.getMessage() + "; see ringmaster --help");
      return WRONG_COMMAND_LINE;
    } catch (SettingsException e) {
      e.problems().stream().map(Problem::toString).forEach(err::println);
      return WRONG_CONFIGURATION;
    } catch (StartException | DemoException | AdoptionException | InvalidTopologyException e) {
      err.println("ringmaster: " + e.getMessage());
      return FAILED;
    } catch (RuntimeException e) {
      LOG.error("an error in Ringmaster itself, please report it", e);
      err.println("ringmaster: ended by an error in itself");
      return FAILED;
    }
  }

  private int run(List<String> words) throws ParseException {
    if (words.isEmpty()) {
      throw new ParseException("a command is missing: " + NAMES);
    }
    String typed = words.getFirst();
    if (typed.equals("help") || asksForHelp(words.subList(0, 1))) {
      printCommands();
      return 0;
    }
    String name = typed.equals("--version") ? "version" : typed;
    for (Subcommand command : COMMANDS) {
      if (command.name().equals(name)) {
        return run(command, words.subList(1, words.size()));
      }
    }
    String hint = Spelling.hint(typed, firstWords());
    throw new ParseException("unknown command '" + typed + "'" + hint);
  }

  /** Returns the commands, and what may stand in the place of one. */
  static List<String> firstWords() {
    Stream<String> names = COMMANDS.stream().map(Subcommand::name);
    return Stream.concat(names, Stream.of("--help", "--version")).toList();
  }

  private int run(Subcommand command, List<String> words) throws ParseException {
    if (asksForHelp(words)) {
      printOptions(command);
      return 0;
    }
    return command.run(Call.of(command, words, out, err));
  }

  private static boolean asksForHelp(List<String> words) {
    return words.contains("--help") || words.contains("-h");
  }

  private void printCommands() {
    out.println("Usage: ringmaster " + NAMES);
    out.println("Makes many plain Redis servers look like one.");
    for (Subcommand command : COMMANDS) {
      out.printf("  %-10s %s%n", command.name(), command.description());
    }
    out.println("ringmaster COMMAND --help shows the options of a command.");
    out.println("Exit codes:");
    out.printf("  %-10d %s%n", 0, "done");
    out.printf("  %-10d %s%n", FAILED, "failed, could not start, or ended by an error");
    out.printf("  %-10d %s%n", WRONG_COMMAND_LINE, "wrong command line");
    out.printf("  %-10d %s%n", WRONG_CONFIGURATION, "wrong configuration");
    out.printf("  %-10s %s%n", "130, 143", "stopped by SIGINT, by SIGTERM");
  }

  private void printOptions(Subcommand command) {
    Options options = command.options();
    options.addOption(Call.flag("help", "Show this."));
    String arguments = String.join("|", command.arguments());
    String syntax = ("ringmaster " + command.name() + " " + arguments).strip();
    try {
      HelpFormatter.builder()
          .setHelpAppendable(new TextHelpAppendable(out))
          .setShowSince(false)
          .get()
          .printHelp(syntax, command.description(), options, "", true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }
}
