package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Problem;
import io.ringmaster.proxy.config.SettingsException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Entry point. Exit codes: 0 done, 1 could not start or stopped by an error, 2 wrong command line,
 * 3 wrong configuration; 130 and 143 after SIGINT and SIGTERM, as the JVM has it.
 */
@Command(
    name = "ringmaster",
    description = "Makes many plain Redis servers look like one.",
    synopsisSubcommandLabel = "demo|serve|check|import|version",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      ImportCommand.class,
      VersionCommand.class
    },
    mixinStandardHelpOptions = false)
public final class Main {
  /** Exit code of a wrong configuration. */
  static final int WRONG_CONFIGURATION = 3;

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line as a whole; its commands write to its {@code out} and {@code err}. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::wrongCommandLine)
        .setExecutionExceptionHandler(Main::failed);
  }

  private static int wrongCommandLine(CommandLine.ParameterException e, String[] arguments) {
    e.getCommandLine()
        .getErr()
        .println("ringmaster: " + e.getMessage() + "; see ringmaster --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (e instanceof SettingsException wrong) {
      wrong.problems().stream().map(Problem::toString).forEach(err::println);
      return WRONG_CONFIGURATION;
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    err.println("ringmaster: " + message.lines().findFirst().orElse(e.toString()));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
